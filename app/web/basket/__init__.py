"""Bringing many books at once."""
