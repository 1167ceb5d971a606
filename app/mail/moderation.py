"""The mails about decisions of the desk; the texts that pages show as well are the same, word for word."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.mail.message import Mail, write_mail

RULES: dict[str, Any] = {
    "insult": _l("Nobody may be insulted or harassed here."),
    "threat": _l("Nothing that threatens somebody or is against the law may stand here."),
    "spam": _l("Nobody may advertise here, or ask for money."),
    "private": _l("What is private about others may not be told here."),
    "deceit": _l("Nobody may be deceived here about a book, or about who gives it."),
    "other": _l("It does not fit what this site is for."),
    "no_breach": _l("No rule of this site was broken."),
    "mistake": _l("The earlier decision was a mistake, or is not needed any more."),
}
SUBJECTS: dict[str, Any] = {
    "nothing": _l("Reported, and left as it is"),
    "hide": _l("Something is not shown any more"),
    "limit": _l("Nothing new for some time"),
    "suspend": _l("An account is suspended"),
    "restore": _l("A decision is taken back"),
}
OF_MINE: dict[str, Any] = {
    "message": _l("It is about a message that you wrote about “%(title)s”."),
    "thread": _l("It is about what you wrote about “%(title)s”."),
    "listing": _l("It is about your copy of “%(title)s”."),
    "reader": _l("It is about you, and what you do here."),
}
REPORTED: dict[str, Any] = {
    "message": _l("You reported a message about “%(title)s”. Thank you: we have looked at it."),
    "thread": _l("You reported messages about “%(title)s”. Thank you: we have looked at them."),
    "listing": _l("You reported a copy of “%(title)s”. Thank you: we have looked at it."),
    "reader": _l("You reported another reader. Thank you: we have looked at it."),
}
DONE: dict[str, Any] = {
    "nothing": _l("What was decided: it stays as it is."),
    "hide": _l("What was decided: it is not shown any more, and what was asked for it has ended."),
    "limit": _l(
        "What was decided: until %(until)s the reader can ask for no book, list none, and write nothing but quick "
        "phrases. What is under way goes on."
    ),
    "suspend": _l(
        "What was decided: until %(until)s the reader cannot log in. What was not handed over yet has ended, and beans "
        "have gone back."
    ),
    "restore": _l("What was decided: an earlier decision is taken back."),
}


@dataclass(frozen=True)
class Statement:
    """What was decided about what, and why; `link` leads to the appeal, and is empty if the reader cannot appeal."""

    kind: str
    act: str
    ground: str
    words: str
    title: str
    until: str
    link: str


def decided(to: str, locale: str, nickname: str, said: Statement) -> Mail:
    """Tell the reader whose it is what was decided and why."""
    return _write(to, locale, nickname, OF_MINE[said.kind], said)


def report_decided(to: str, locale: str, nickname: str, said: Statement) -> Mail:
    """Tell a reader who has reported something what was decided and why."""
    return _write(to, locale, nickname, REPORTED[said.kind], said)


def appeal_answered(to: str, locale: str, nickname: str, is_granted: bool, words: str, link: str) -> Mail:
    """Tell a reader what came of an appeal."""
    kept = _l("We have looked at it again, and the decision stays as it is.")
    granted = _l("We have looked at it again, and have taken the decision back.")
    values = {
        "subject": _l("Your appeal"),
        "paragraphs": [granted if is_granted else kept, words],
        "button": _l("See the decision"),
        "link": link,
    }
    return write_mail("account", to, locale, nickname=nickname, **values)


def _write(to: str, locale: str, nickname: str, what: Any, said: Statement) -> Mail:
    values = {"subject": SUBJECTS[said.act], "what": what, "done": DONE[said.act], "rule": RULES[said.ground]}
    facts = {"title": said.title, "until": said.until}
    values |= {"words": said.words, "facts": facts, "link": said.link}
    return write_mail("decision", to, locale, nickname=nickname, **values)
