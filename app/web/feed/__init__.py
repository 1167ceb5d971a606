"""Feeds: pages for programs."""
