"""Circles: what they are, who belongs to them, and what goes on inside."""
