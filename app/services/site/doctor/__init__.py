"""Examining a site: whether it has all that it needs."""
