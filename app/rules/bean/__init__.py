"""Rules about beans."""
