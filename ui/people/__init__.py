"""Who may sign in, for administrators."""
