"""Files and photographs of records: looked at, cleaned, kept sealed, given out by the record's own scope."""
