"""Databases of each release, as people have them on their machines."""
