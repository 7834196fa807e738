"""The commands of `python -m cim_core`."""
