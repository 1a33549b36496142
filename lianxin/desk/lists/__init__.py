"""Lists taken out as ledgers; the pages of lists themselves belong to the listings kind."""
