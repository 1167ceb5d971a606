"""What programs read: feeds of copies for everybody, and what concerns one reader."""
