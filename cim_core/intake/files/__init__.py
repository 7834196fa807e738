"""Bytes → tables of texts, counted before they are parsed."""
