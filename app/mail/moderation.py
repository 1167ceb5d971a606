"""The mails about decisions of the desk; the texts that pages show as well are the same, word for word."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.mail.message import Mail, site_link, write_mail

RULES: dict[str, Any] = {
    "insult": _l("Nobody may be insulted or harassed here."),
    "threat": _l("Nothing that threatens somebody or breaks the law may stand here."),
    "spam": _l("Nobody may advertise here, or ask for money."),
    "private": _l("Nothing private about others may be told here."),
    "deceit": _l("Nobody may be deceived here about a book, or about who gives it."),
    "described": _l("A book has to be as its giver describes it."),
    "other": _l("It doesn’t fit what this site is for."),
    "no_breach": _l("No rule of this site was broken."),
    "mistake": _l("The earlier decision was a mistake, or is no longer needed."),
}
SUBJECTS: dict[str, Any] = {
    "nothing": _l("Reviewed, and left as it is"),
    "hide": _l("Something is no longer shown"),
    "limit": _l("Nothing new for a while"),
    "suspend": _l("An account is suspended"),
    "restore": _l("A decision was reversed"),
    "pay": _l("Not as described: paid from the pool"),
}
OF_MINE: dict[str, Any] = {
    "message": _l("It is about a message that you wrote about “%(title)s”."),
    "thread": _l("It is about what you wrote about “%(title)s”."),
    "listing": _l("It is about your copy of “%(title)s”."),
    "reader": _l("It is about you, and what you do here."),
    "book": _l("It is about the entry of “%(title)s”."),
    "line": _l("It is about your line of thanks for “%(title)s”."),
    "complaint": _l("It is about “%(title)s”, which you gave, and which is said to be not as described."),
}
REPORTED: dict[str, Any] = {
    "message": _l("You reported a message about “%(title)s”. Thank you: we have looked at it."),
    "thread": _l("You reported messages about “%(title)s”. Thank you: we have looked at them."),
    "listing": _l("You reported a copy of “%(title)s”. Thank you: we have looked at it."),
    "reader": _l("You reported another reader. Thank you: we have looked at it."),
    "book": _l("You reported the entry of “%(title)s”. Thank you: we have looked at it."),
    "line": _l("You reported a line of thanks for “%(title)s”. Thank you: we have looked at it."),
    "complaint": _l("You said that “%(title)s” is not as described. We have looked at it."),
}
DONE: dict[str, Any] = {
    "nothing": _l("The decision: it stays as it is."),
    "hide": _l("The decision: it is no longer shown, and requests for it have ended."),
    "limit": _l(
        "The decision: until %(until)s the reader can’t ask for books, list any, or write anything but quick "
        "phrases. What is under way goes on."
    ),
    "suspend": _l(
        "The decision: until %(until)s the reader can’t log in. What was not handed over yet has ended, and beans "
        "have gone back."
    ),
    "restore": _l("The decision: an earlier decision is reversed."),
    "pay": _l(
        "The decision: the reader who received the book gets back from the pool what it cost, and the giver "
        "keeps theirs."
    ),
    "restore complaint": _l("The decision: an earlier decision is reversed. What was paid from the pool stays paid."),
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
    kept = _l("We have looked at it again and uphold the decision.")
    granted = _l("We have looked at it again and reversed the decision.")
    values = {
        "subject": _l("Your appeal"),
        "paragraphs": [granted if is_granted else kept, words],
        "button": _l("See the decision"),
        "link": link,
    }
    return write_mail("account", to, locale, nickname=nickname, **values)


def _write(to: str, locale: str, nickname: str, what: Any, said: Statement) -> Mail:
    values = {
        "subject": SUBJECTS[said.act],
        "what": what,
        "done": DONE.get(f"{said.act} {said.kind}", DONE[said.act]),
        "rule": RULES[said.ground],
    }
    facts = {"title": said.title, "until": said.until}
    values |= {"words": said.words, "facts": facts, "may_appeal": bool(said.link)}
    if said.link:
        values |= {"button": _l("Appeal"), "link": said.link}
    else:
        values |= {"button": _l("Read the rules"), "link": site_link("web.site_text", name="rules")}
    return write_mail("decision", to, locale, nickname=nickname, **values)
