"""Rules of what readers say about exchanges that are over, and of what others may know of them."""
