"""Pages of how good the record is: what to look at, by place; the rows themselves; what others counted."""
