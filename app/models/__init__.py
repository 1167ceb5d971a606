"""The tables. Import them from their own modules, `db` and `Base` from `app.models.base`."""

from app.models import address, bean, book, drift, gift, mailbox, outbox, user, wish, work, work_act

__all__ = ["address", "bean", "book", "drift", "gift", "mailbox", "outbox", "user", "wish", "work", "work_act"]
