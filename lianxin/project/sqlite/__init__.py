"""Django's SQLite with writers who queue for their turn instead of sleeping and trying again."""
