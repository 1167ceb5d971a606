"""What templates need to display things."""
