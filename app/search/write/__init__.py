"""Building an index and keeping it up to date."""
