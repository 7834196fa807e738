"""Which rows are read, and how raw records become LEA-years, with a problem for all that does not fit."""
