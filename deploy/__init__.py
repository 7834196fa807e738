"""The shared mode as it is served: PostgreSQL, processes of the app, and nginx before them."""
