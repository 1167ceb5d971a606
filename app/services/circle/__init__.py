"""Circles: founding, doors, members, stewards and invitations."""
