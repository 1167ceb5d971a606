"""Beans: moving them, and proving that none was made or lost."""
