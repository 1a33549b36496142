"""How good the record is: what is missing, stale or doubtful, by place; what others counted beside our own count."""
