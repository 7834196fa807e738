"""The Library: what is kept, with ways back; everything to take away."""
