"""Other rules and other data: scenarios, who moves, and at which value."""
