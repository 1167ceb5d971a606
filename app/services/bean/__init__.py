"""Beans: moving them, and proving that none was created or lost."""
