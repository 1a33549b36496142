"""A county counted by hand: the sheets describe it, `lay` plays them through the door day by day."""
