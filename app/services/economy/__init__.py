"""The figures of the economy: counting what is refused, reading them, and keeping them for each day."""
