"""Rules of the exchange."""
