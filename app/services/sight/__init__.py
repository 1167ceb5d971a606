"""What a reader gets to see of others."""
