"""Listings 建档: a household, person or organisation stands on a list from a day to a day."""
