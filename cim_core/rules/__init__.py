"""A year's rules and targets as data, read from TOML, with the thresholds that can be moved."""
