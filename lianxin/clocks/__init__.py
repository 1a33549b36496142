"""Clocks 期限: by when something is due, by whose rule, and how sure that is. Rows of the catalogue reckon the day."""

from lianxin.clocks.reckoning import Due, due, due_by

__all__ = ["Due", "due", "due_by"]
