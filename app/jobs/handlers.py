"""Every module with functions that do jobs: importing this one registers them all."""

from app.jobs import account, book, exchange, worker

__all__ = ["account", "book", "exchange", "worker"]
