"""The mails about circles."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from app.i18n import use_locale
from app.mail.message import Mail, site_link, write_mail


class _Words(NamedTuple):
    subject: Any
    text: Any
    button: Any
    endpoint: str


_TO_CIRCLE = _l("Open the circle"), "web.circle"
_TO_CIRCLES = _l("See the circles"), "web.circles"
_TO_STEWARD = _l("Look after the circle"), "web.circle_steward"
CIRCLE_TEXTS = {
    "request": _Words(
        _l("Somebody asks to be let into “%(circle)s”"),
        _l("a reader asks to be let into “%(circle)s”, and waits for your yes or no."),
        *_TO_STEWARD,
    ),
    "let_in": _Words(
        _l("You are in “%(circle)s”"),
        _l("you were let into “%(circle)s”. Have a look at its shelf, and put a few of your books on it."),
        *_TO_CIRCLE,
    ),
    "turned_away": _Words(
        _l("You were not let into “%(circle)s”"),
        _l("those who look after “%(circle)s” have not let you in. You can ask again in 30 days."),
        *_TO_CIRCLES,
    ),
    "excluded": _Words(
        _l("You are no longer in “%(circle)s”"),
        _l(
            "those who look after “%(circle)s” have excluded you. What you have listed for it alone is private again;"
            " please finish what is promised."
        ),
        *_TO_CIRCLES,
    ),
    "succession": _Words(
        _l("Will you look after “%(circle)s”?"),
        _l("nobody looks after “%(circle)s” any more, and you have been in it longest. Will you?"),
        *_TO_CIRCLE,
    ),
    "steward": _Words(
        _l("You look after “%(circle)s” now"),
        _l("another steward of “%(circle)s” has asked you to look after it with them."),
        *_TO_STEWARD,
    ),
}


def write_circle_mail(
    to: str, locale: str, nickname: str, news: str, name: str, slug: str, off_link: str | None = None
) -> Mail:
    """Return the mail about something that has happened in a circle: a word of `CircleNews`."""
    words = CIRCLE_TEXTS[news]
    link = site_link(words.endpoint, slug=slug) if words.endpoint != "web.circles" else site_link(words.endpoint)
    with use_locale(locale):
        said = {"subject": words.subject % {"circle": name}, "paragraphs": [words.text % {"circle": name}]}
    return write_mail("account", to, locale, off_link, nickname=nickname, **said, button=words.button, link=link)


def write_matches_mail(
    to: str, locale: str, off_link: str, nickname: str, name: str, slug: str, matches: Sequence[tuple[str, str, str]]
) -> Mail:
    """Return the mail to who looks after a circle: titles, who waits for each, and who has it on offer."""
    with use_locale(locale):
        subject = ngettext(
            "“%(circle)s”: %(num)d wish could be granted today",
            "“%(circle)s”: %(num)d wishes could be granted today",
            len(matches),
            circle=name,
        )
        lines = [
            gettext("“%(title)s”: %(wisher)s waits, %(givers)s could give it.", title=title, wisher=one, givers=others)
            for title, one, others in matches
        ]
        paragraphs = [gettext("who could make whom happy in “%(circle)s” this week:", circle=name), *lines]
        paragraphs.append(gettext("A word to one of them may be all that it takes."))
    values = {"nickname": nickname, "subject": subject, "paragraphs": paragraphs}
    link = site_link("web.circle", slug=slug)
    return write_mail("account", to, locale, off_link, **values, button=_TO_CIRCLE[0], link=link)
