"""Columns of unknown files tied to ours: guesses, and mappings that a person has made."""
