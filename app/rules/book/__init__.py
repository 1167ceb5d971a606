"""Rules about books."""
