"""Slow versions of the core, LEA by LEA and written apart from it, that every answer must agree with."""
