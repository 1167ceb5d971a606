"""Pages about the account of who is logged in."""
