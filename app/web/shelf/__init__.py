"""Pages about the books that a reader has at home."""
