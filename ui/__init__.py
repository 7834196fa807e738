"""What screens share: state and address, words and numbers on screen, charts, tables."""
