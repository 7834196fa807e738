"""What is known: indicators, facts, the dataset of LEAs × years × indicators, counts by race."""
