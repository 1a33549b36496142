"""Taking tables in: a batch is read into sealed staged rows, looked at, applied in pieces, and can be taken back."""
