"""The Library: what is kept, with ways back; what was done; everything to take away."""
