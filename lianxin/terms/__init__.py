"""Change of term 换届: prepared, looked at, carried out at an hour as one operation, undone the same day if wrong."""
