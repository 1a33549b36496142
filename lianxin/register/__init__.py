"""Households and the people in them: once each, with their moves, found by name, number or house. Posts no facts."""
