"""A small app of the guard's tests: households, people and calls as the guard would find them, and one open table."""
