"""Rules about what readers report, and about what moderators decide."""
