"""Who may do what: identities, passwords, signing in. It knows no screen and no server."""
