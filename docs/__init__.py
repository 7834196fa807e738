"""The project's documents, and what writes them."""
