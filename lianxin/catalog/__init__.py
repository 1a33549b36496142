"""The catalogue: TOML files read into frozen specs, every mistake collected. Knows no database and no page."""
