"""Visits 走访: who called on whom, why, what was heard, found and given."""
