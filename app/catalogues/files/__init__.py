"""Lists and dumps of books in files."""
