"""The site itself: its database, keys, clock, failed jobs, demo."""
