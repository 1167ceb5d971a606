"""The basket: books that readers bring along, many at once, and what becomes of each."""
