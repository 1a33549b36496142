"""One county of invented people on real ground, played through the front door. Any seed gives other people, the same sums."""
