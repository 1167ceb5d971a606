"""Journeys: what is told of copies on their way, by whom, and to whom."""
