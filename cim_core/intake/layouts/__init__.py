"""One reader for each shape of file, each with its example."""
