"""What a text in a table means: numbers, reasons, years, codes, names, groups, headers, persons."""
