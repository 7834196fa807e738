"""Why an LEA is where it is, in sentences with its own numbers."""
