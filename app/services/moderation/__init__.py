"""Moderation: what readers ask the people who run the site to look at."""
