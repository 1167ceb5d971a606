"""The mail about private copies that somebody waits for."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from app.mail.message import Mail, site_link, write_mail


def write_wanted_mail(to: str, locale: str, off_link: str, *, nickname: str, titles: Sequence[str]) -> Mail:
    """Return the mail that asks a reader whether they would part with some copies; it says nothing of who waits."""
    values = {"nickname": nickname, "titles": titles, "button": _l("See my books"), "link": site_link("web.my_books")}
    return write_mail("wanted", to, locale, off_link, **values)
