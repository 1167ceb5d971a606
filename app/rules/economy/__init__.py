"""Rules about the figures of the economy."""
