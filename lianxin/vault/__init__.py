"""The vault: personal numbers sealed at rest, keyed hashes to find them by, masks to show them. No tables live here."""
