"""CDE's letters beside this tool's reading: what they say, whether they agree, which assumptions fit them."""
