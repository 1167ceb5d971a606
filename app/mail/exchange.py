"""The mails about gifts, wishes and drifts: one table of their texts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext as _l

from app.mail.free_words import FREE_SUBJECTS, FREE_TEXTS
from app.mail.message import Mail, site_link, write_mail


@dataclass(frozen=True)
class MailText:
    """The texts of one kind of mail. Their placeholders are `title`, `name` (the other reader), `place` and `due`."""

    subject: str
    text: str
    endpoint: str
    button: str


@dataclass(frozen=True)
class MailBook:
    """The book that a mail is about; colours are written #rrggbb."""

    authors: Sequence[str]
    picture: str | None
    """The URL of its cover, without the reader in it; None if there is none, so that the mail draws one."""
    lines: Sequence[str]
    """The title on the drawn cover, in letters of `letters` pixels."""
    letters: int
    ground: str
    ink: str


_DRIFTS = ("web.pending", _l("See my exchanges"))
_BEANS = ("web.ledger", _l("See my beans"))

LOANS: dict[str, MailText] = {
    "loan_asked": MailText(
        _l("%(name)s would like to borrow “%(title)s”"),
        _l(
            "%(name)s would like to borrow your copy of “%(title)s”. Please accept or decline by %(due)s; after that "
            "the request ends and your copy is hidden."
        ),
        *_DRIFTS,
    ),
    "loan_mailed": MailText(
        _l("“%(title)s” is on its way to you"),
        _l("%(name)s has mailed “%(title)s”. Please tell us when it arrives: the loan starts on that day."),
        *_DRIFTS,
    ),
    "loan_met": MailText(
        _l("“%(title)s”: did you get it?"),
        _l(
            "%(name)s says that you have met and that you have “%(title)s”. If that’s not so, please say so by "
            "%(due)s; after that it counts as lent to you."
        ),
        *_DRIFTS,
    ),
    "loan_arrived": MailText(
        _l("Has “%(title)s” arrived?"),
        _l(
            "%(name)s mailed you “%(title)s”. If it has arrived, please say so. If we don’t hear from you for some "
            "weeks, it counts as lent to you."
        ),
        *_DRIFTS,
    ),
    "loan_begun": MailText(
        _l("“%(title)s” is with its borrower"),
        _l(
            "%(name)s has your book “%(title)s” and should give it back by %(due)s. Their bean is held until then. "
            "When the book is back, please confirm it under Exchanges."
        ),
        *_DRIFTS,
    ),
    "loan_received": MailText(
        _l("“%(title)s” is lent to you"),
        _l(
            "You have “%(title)s” from %(name)s, and should give it back by %(due)s. Your bean is held until the "
            "book is back, and comes back to you then. Enjoy reading!"
        ),
        *_DRIFTS,
    ),
    "loan_reminder": MailText(
        _l("“%(title)s” is due today"),
        _l(
            "“%(title)s” is due back with %(name)s by %(due)s. If you have given it back, please say so. A book that "
            "is still not back some weeks later counts as kept, and your bean goes to %(name)s."
        ),
        *_DRIFTS,
    ),
    "loan_extended": MailText(
        _l("“%(title)s”: the loan is extended"),
        _l(
            "%(name)s is keeping “%(title)s” for longer, until %(due)s. That can be done once, while nobody else "
            "waits for it."
        ),
        *_DRIFTS,
    ),
    "loan_given_back": MailText(
        _l("Is “%(title)s” back with you?"),
        _l(
            "%(name)s says that you have “%(title)s” back. Please tell us whether that’s so: if we don’t hear from "
            "you within two weeks, it counts as returned, and their bean goes back."
        ),
        *_DRIFTS,
    ),
    "loan_not_back": MailText(
        _l("“%(title)s” is not back yet"),
        _l(
            "%(name)s says that “%(title)s” is not back. It is still due by %(due)s. Please write to each other: a "
            "book that does not come back costs the bean that is held for it."
        ),
        *_DRIFTS,
    ),
    "loan_ended": MailText(
        _l("“%(title)s” is back, and so is your bean"),
        _l("“%(title)s” is back with %(name)s, and your bean is back with you. Thank you!"),
        *_DRIFTS,
    ),
    "loan_assumed_back": MailText(
        _l("“%(title)s” counts as returned"),
        _l(
            "We have not heard from you, so “%(title)s” counts as returned, and %(name)s has the bean back. Your "
            "copy is on the shelf again; if you don’t have it, take it off the shelf."
        ),
        *_DRIFTS,
    ),
    "loan_kept": MailText(
        _l("“%(title)s” counts as yours now"),
        _l("“%(title)s” did not get back to %(name)s in time, so it counts as yours, and they get the bean for it."),
        *_DRIFTS,
    ),
    "loan_not_returned": MailText(
        _l("“%(title)s” did not come back"),
        _l(
            "“%(title)s”, which you lent to %(name)s, did not come back. It counts as given, and the bean that was "
            "held for it goes to you."
        ),
        *_DRIFTS,
    ),
    "loan_lost": MailText(
        _l("“%(title)s” is lost"),
        _l("%(name)s says that “%(title)s”, which you lent, is lost. The bean that was held for it goes to you."),
        *_DRIFTS,
    ),
    "loan_forgiven": MailText(
        _l("“%(title)s”: your bean is back"),
        _l("%(name)s says that “%(title)s”, which was lent to you, is lost, and lets you have your bean back."),
        *_DRIFTS,
    ),
    "loan_lender_left": MailText(
        _l("“%(title)s” is yours"),
        _l("%(name)s, who lent you “%(title)s”, has closed their account. The book is yours, and your bean is back."),
        *_DRIFTS,
    ),
    "loan_passed_on": MailText(
        _l("The next reader has “%(title)s”, and your bean is back"),
        _l("“%(title)s”, which %(name)s lent to you, has got to the next reader, and your bean is back. Thank you!"),
        *_DRIFTS,
    ),
    "loan_went_on": MailText(
        _l("“%(title)s” has gone on to the next reader"),
        _l(
            "%(name)s has your book “%(title)s” now, straight from its last borrower, and should give it back by "
            "%(due)s. Their bean is held until then. If it is to come home after that, say so under Exchanges."
        ),
        *_DRIFTS,
    ),
    "loan_taken_on": MailText(
        _l("“%(title)s” is lent to you"),
        _l(
            "You have “%(title)s” now, which is %(name)s’s book. Please give it back to them by %(due)s; your bean is "
            "held until it is back. Enjoy reading!"
        ),
        *_DRIFTS,
    ),
}
"""The mails about books that are lent."""

MAIL_TEXTS: dict[str, MailText] = {
    "drift_asked": MailText(
        _l("%(name)s asks for “%(title)s”"),
        _l(
            "%(name)s would like to read your copy of “%(title)s”. Please accept or decline by %(due)s; after that "
            "the request ends and your copy is hidden."
        ),
        *_DRIFTS,
    ),
    "drift_accepted": MailText(
        _l("%(name)s gives you “%(title)s”"),
        _l("%(name)s promised you “%(title)s” and will mail it before %(due)s. If not, your bean comes back."),
        *_DRIFTS,
    ),
    "drift_will_meet": MailText(
        _l("%(name)s gives you “%(title)s”"),
        _l(
            "%(name)s promised you “%(title)s” and will hand it over in person. You’ll find the time and place "
            "under Exchanges."
        ),
        *_DRIFTS,
    ),
    "meeting_reminder": MailText(
        _l("“%(title)s”: have you met?"),
        _l(
            "As far as we know, “%(title)s” has not been handed over yet. Please meet %(name)s, or tell us that you "
            "have met: otherwise the exchange ends in a few days and the bean goes back."
        ),
        *_DRIFTS,
    ),
    "drift_handed_over": MailText(
        _l("“%(title)s” is yours"),
        _l("%(name)s entered your code, so “%(title)s” is yours, and the bean goes to %(name)s. Enjoy reading!"),
        *_DRIFTS,
    ),
    "drift_met": MailText(
        _l("“%(title)s”: did you get it?"),
        _l(
            "%(name)s says that you have met and that “%(title)s” is yours. If that’s not so, please say so by "
            "%(due)s; after that the bean goes to the giver."
        ),
        *_DRIFTS,
    ),
    "drift_not_met": MailText(
        _l("“%(title)s”: the exchange has ended"),
        _l(
            "“%(title)s” was not handed over in time, so the exchange with %(name)s has ended. "
            "The bean went back, and the copy is on the shelf again."
        ),
        *_DRIFTS,
    ),
    "drift_will_leave": MailText(
        _l("%(name)s gives you “%(title)s”"),
        _l(
            "%(name)s promised you “%(title)s” and will leave it for you at “%(place)s” before %(due)s. "
            "If not, your bean comes back."
        ),
        *_DRIFTS,
    ),
    "drift_left": MailText(
        _l("“%(title)s” is waiting for you"),
        _l(
            "%(name)s has left “%(title)s” for you at “%(place)s”. Please pick it up in the next few days, and tell "
            "us that you have found it, or that it isn’t there."
        ),
        *_DRIFTS,
    ),
    "place_reminder": MailText(
        _l("Have you found “%(title)s”?"),
        _l(
            "%(name)s left “%(title)s” for you at “%(place)s”. Please tell us whether you have found it: if we don’t "
            "hear from you by %(due)s, it is marked as received."
        ),
        *_DRIFTS,
    ),
    "drift_no_asker": MailText(
        _l("“%(title)s”: couldn’t you come?"),
        _l(
            "%(name)s says that you did not come to get “%(title)s”. If that’s not so, or if you need another time, "
            "please say so by %(due)s. Without an answer the exchange ends and your bean comes back; your profile "
            "then shows a missed hand-over."
        ),
        *_DRIFTS,
    ),
    "drift_no_giver": MailText(
        _l("“%(title)s”: couldn’t you come?"),
        _l(
            "%(name)s says that you did not bring “%(title)s”. If that’s not so, or if you need another time, please "
            "say so by %(due)s. Without an answer the exchange ends and your copy is hidden; your profile then shows "
            "a missed hand-over."
        ),
        *_DRIFTS,
    ),
    "drift_still_on": MailText(
        _l("“%(title)s”: the exchange goes on"),
        _l(
            "One of you waited for “%(title)s”, and the other has answered: the exchange with %(name)s goes on. "
            "Please agree on a new time and place."
        ),
        *_DRIFTS,
    ),
    "drift_no_show": MailText(
        _l("“%(title)s”: the exchange has ended"),
        _l("%(name)s has not answered, so the exchange of “%(title)s” has ended, and the bean went back to the asker."),
        *_DRIFTS,
    ),
    "drift_not_heard": MailText(
        _l("“%(title)s”: the exchange has ended"),
        _l(
            "%(name)s waited for you, and we have not heard from you. The exchange of “%(title)s” has ended, the "
            "bean went back to the asker, and your profile now shows a missed hand-over."
        ),
        *_DRIFTS,
    ),
    "drift_rejected": MailText(
        _l("“%(title)s”: the giver declined"),
        _l("Unfortunately %(name)s can’t give you “%(title)s”. Your bean is back."),
        *_DRIFTS,
    ),
    "drift_withdrawn": MailText(
        _l("“%(title)s”: the request was cancelled"),
        _l("%(name)s cancelled the request for “%(title)s”. Your copy is on the shelf again."),
        *_DRIFTS,
    ),
    "drift_cancelled": MailText(
        _l("“%(title)s”: the giver had to cancel"),
        _l(
            "%(name)s promised you “%(title)s” and can’t give it to you after all. You’ll find the reason under "
            "Exchanges. Your bean is back."
        ),
        *_DRIFTS,
    ),
    "drift_address_changed": MailText(
        _l("“%(title)s” goes to another address"),
        _l(
            "%(name)s would like “%(title)s” to be sent to another address, which you’ll find under Exchanges. "
            "Please check it again before you mail the book."
        ),
        *_DRIFTS,
    ),
    "drift_expired": MailText(
        _l("“%(title)s”: your bean is back"),
        _l(
            "We have not heard from %(name)s about “%(title)s” in time, so the request has ended and your bean is back."
        ),
        *_DRIFTS,
    ),
    "copy_hidden": MailText(
        _l("“%(title)s”: your copy is hidden"),
        _l(
            "%(name)s’s request has expired, so your copy of “%(title)s” is hidden. One click under My gifts brings "
            "it back."
        ),
        "web.my_gifts",
        _l("See my gifts"),
    ),
    "drift_mailed": MailText(
        _l("“%(title)s” is on its way to you"),
        _l("%(name)s has mailed “%(title)s”. Please tell us when it arrives: the giver gets the bean then."),
        *_DRIFTS,
    ),
    "drift_reminder": MailText(
        _l("Has “%(title)s” arrived?"),
        _l(
            "%(name)s mailed you “%(title)s”. If it has arrived, please say so: the giver is waiting for the bean. "
            "If we don’t hear from you for some weeks, it is marked as received."
        ),
        *_DRIFTS,
    ),
    "drift_received": MailText(
        _l("“%(title)s” has arrived"),
        _l("“%(title)s” has arrived, and %(name)s’s bean is yours. Thank you for giving it!"),
        *_DRIFTS,
    ),
    "drift_arrived": MailText(
        _l("“%(title)s” has arrived"),
        _l(
            "“%(title)s” has arrived. Thank you for giving it! You’ll find under Exchanges when you get "
            "%(name)s’s bean."
        ),
        *_DRIFTS,
    ),
    "drift_assumed_received": MailText(
        _l("“%(title)s” is marked as received"),
        _l("We have not heard from you, so “%(title)s” is marked as received, and the bean goes to %(name)s."),
        *_DRIFTS,
    ),
    "drift_missing": MailText(
        _l("“%(title)s” was reported missing"),
        _l("“%(title)s” has not reached %(name)s. The bean went back; if the book still arrives, it is yours."),
        *_DRIFTS,
    ),
    "drift_written": MailText(
        _l("%(name)s wrote to you about “%(title)s”"),
        _l("%(name)s wrote to you about “%(title)s”. You can read and answer it under Exchanges."),
        *_DRIFTS,
    ),
    "drift_thanked": MailText(
        _l("%(name)s thanks you for “%(title)s”"),
        _l(
            "%(name)s wrote a line of thanks for “%(title)s”. You can read it under Exchanges and, if you like, show "
            "it on your page."
        ),
        *_DRIFTS,
    ),
    "drift_complained": MailText(
        _l("“%(title)s” is not as described, says %(name)s"),
        _l(
            "%(name)s says that “%(title)s” is not as described; you’ll find the details under Exchanges. Please "
            "give the bean back or disagree within seven days; after that a moderator will look at it."
        ),
        *_DRIFTS,
    ),
    "drift_bean_back": MailText(
        _l("“%(title)s”: your bean is back"),
        _l("%(name)s gave the bean for “%(title)s” back to you. The book is yours to keep."),
        *_DRIFTS,
    ),
    "drift_disagreed": MailText(
        _l("“%(title)s”: a moderator will look at it"),
        _l(
            "%(name)s disagrees that “%(title)s” is not as described, or has not answered. A moderator will look at "
            "it and write to both of you."
        ),
        *_DRIFTS,
    ),
    "drift_complaint_paid": MailText(
        _l("“%(title)s”: the bean was paid from the pool"),
        _l(
            "The moderators have looked at what was said about “%(title)s”: the reader who received it gets a bean "
            "from the pool, and the giver keeps theirs."
        ),
        *_DRIFTS,
    ),
    "drift_complaint_left": MailText(
        _l("“%(title)s”: nothing is changed"),
        _l("The moderators have looked at what was said about “%(title)s”, and leave things as they are."),
        *_DRIFTS,
    ),
    **LOANS,
    "wish_offered": MailText(
        _l("“%(title)s” is kept for you"),
        _l(
            "%(name)s is giving away “%(title)s”, which is on your wish list. A copy is kept for you until %(due)s: "
            "ask for it by then if you want it."
        ),
        "web.my_wish",
        _l("See my wish list"),
    ),
    "wish_offer_ended": MailText(
        _l("“%(title)s” is no longer kept for you"),
        _l("The copy of “%(title)s” that %(name)s gives is no longer kept for you. You keep your place."),
        "web.my_wish",
        _l("See my wish list"),
    ),
    "copy_wanted": MailText(
        _l("Somebody is waiting for your “%(title)s”: would you part with it?"),
        _l("Somebody is waiting for “%(title)s”, which you keep on your private shelf."),
        "web.my_books",
        _l("See my books"),
    ),
    "beans_asleep": MailText(
        _l("Your beans are asleep until you are back"),
        _l(
            "We have not seen you for half a year, so your beans are asleep in the pool, where they help givers who "
            "have run out of beans. As soon as you log in, all of them are yours again."
        ),
        *_BEANS,
    ),
    "beans_back": MailText(
        _l("Your beans are back"),
        _l("Welcome back! All your beans that slept in the pool are yours again."),
        *_BEANS,
    ),
    "bean_from_pool": MailText(
        _l("You got a bean from the pool"),
        _l(
            "You gave a book lately and had no beans left, so this month the pool gives you one. Is there a book "
            "that you would like to read?"
        ),
        *_BEANS,
    ),
}


def mail_text_of(kind: str, is_free: bool = False) -> MailText:
    """Return the texts of a kind of mail, which say nothing of beans about a book for which none is needed."""
    said = MAIL_TEXTS[kind]
    if not is_free:
        return said
    return replace(said, subject=FREE_SUBJECTS.get(kind, said.subject), text=FREE_TEXTS.get(kind, said.text))


def write_exchange_mail(
    kind: str,
    to: str,
    locale: str,
    off_link: str,
    *,
    nickname: str,
    facts: dict[str, str],
    book: MailBook | None,
    is_free: bool = False,
    **more: Any,
) -> Mail:
    """Return the mail about one event of the exchange.

    `facts` are the values of the placeholders; a mail about beans has no `book`, and one about a book that `is_free`
    speaks of no bean. `more` may have a `quote` of the other reader, and what is `known` of them: `since`, a month in
    the language of the mail, and `past`, what became of their exchanges.
    """
    mail_text = mail_text_of(kind, is_free)
    values = {"quote": "", "known": None} | more | {"nickname": nickname, "facts": facts, "book": book}
    values |= {"mail_text": mail_text, "button": mail_text.button, "link": site_link(mail_text.endpoint)}
    return write_mail("exchange", to, locale, off_link, **values)


def write_digest(to: str, locale: str, off_link: str, *, nickname: str, sentences: Sequence[str]) -> Mail:
    """Return the summary of what has happened, one sentence each."""
    values = {"nickname": nickname, "sentences": sentences, "button": _l("See my notices")}
    return write_mail("digest", to, locale, off_link, **values, link=site_link("web.notices"))
