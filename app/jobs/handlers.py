"""Imports every module with job handlers, and so registers them all."""

from app.jobs import account, book, exchange, moderation, worker

__all__ = ["account", "book", "exchange", "moderation", "worker"]
