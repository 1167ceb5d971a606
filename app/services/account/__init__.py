"""Accounts: registering, logging in, links, second factor, profile, export, closing."""
