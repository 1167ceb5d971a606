"""How a book gets to its asker: the parts that are private to the two sides."""
