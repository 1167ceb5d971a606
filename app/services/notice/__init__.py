"""What readers are told on the site."""
