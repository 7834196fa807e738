"""The page of one LEA."""
