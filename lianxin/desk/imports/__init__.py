"""Pages of the imports: handing a table in, settling its columns, seeing what is wrong, applying, taking back."""
