"""Rules of the books that a reader has at home."""
