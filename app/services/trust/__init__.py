"""What readers say about exchanges that are over."""
