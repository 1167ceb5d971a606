"""Copies: which books on paper there are, and who holds them."""
