"""The classification core of the CIM Tier Explorer: usable from a notebook, a shell or the dashboard."""
