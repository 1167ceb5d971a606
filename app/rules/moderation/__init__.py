"""Rules about what readers report."""
