"""What every page shares: header, parts, colors, the address, open files, results."""
