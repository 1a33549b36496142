"""One county of invented people on real ground, played through the front door; any seed, the same sums."""
