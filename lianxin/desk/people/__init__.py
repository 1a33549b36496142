"""Pages of the register: households, people, who moved and left; their history on one thread."""
