"""Views of labels and journeys of copies."""
