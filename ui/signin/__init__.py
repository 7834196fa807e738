"""The page on which people sign in, or set a password by a link."""
