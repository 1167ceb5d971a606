"""The tables. Import them from their own modules, `db` and `Base` from `app.models.base`."""

from app.models import (
    address,
    area,
    bean,
    book,
    drift,
    gift,
    hand_over,
    mailbox,
    message,
    outbox,
    place,
    report,
    user,
    wish,
    work,
    work_act,
)

__all__ = [
    "address",
    "area",
    "bean",
    "book",
    "drift",
    "gift",
    "hand_over",
    "mailbox",
    "message",
    "outbox",
    "place",
    "report",
    "user",
    "wish",
    "work",
    "work_act",
]
