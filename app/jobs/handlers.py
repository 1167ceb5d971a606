"""Imports every module with job handlers, and so registers them all."""

from app.jobs import account, basket, bean, book, circle, door, economy, exchange, moderation, shelf, worker

__all__ = [
    "account",
    "basket",
    "bean",
    "book",
    "circle",
    "door",
    "economy",
    "exchange",
    "moderation",
    "shelf",
    "worker",
]
