"""Reading tables that people send, .xlsx and .csv, row by row, in little memory. What they mean is not known here."""
