"""The mails about gifts, wishes and drifts: one table of their texts."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.mail.message import Mail, site_link, write_mail


@dataclass(frozen=True)
class MailText:
    """The texts of one kind of mail. Their placeholders are `title`, `name` (the other reader), `place` and `due`."""

    subject: str
    text: str
    endpoint: str
    button: str


_DRIFTS = ("web.pending", _l("See my exchanges"))

MAIL_TEXTS: dict[str, MailText] = {
    "drift_asked": MailText(
        _l("%(name)s asks for “%(title)s”"),
        _l(
            "%(name)s would like to read your copy of “%(title)s”. Please accept or decline before %(due)s; "
            "after that the request ends and your copy is hidden."
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
            "%(name)s promised you “%(title)s” and hands it over in person. When and where stands among your exchanges."
        ),
        *_DRIFTS,
    ),
    "meeting_reminder": MailText(
        _l("“%(title)s”: have you met?"),
        _l(
            "As far as we know, “%(title)s” has not been handed over yet. Please meet %(name)s, or say that you have "
            "met: in a few days the exchange ends and the bean goes back."
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
            "%(name)s says that you have met and that “%(title)s” is yours. If it is not so, please say so "
            "before %(due)s; after that the bean goes to the giver."
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
        _l("“%(title)s” waits for you"),
        _l(
            "%(name)s has left “%(title)s” for you at “%(place)s”. Please fetch it in the next days, and tell us "
            "that you have found it, or that it is not there."
        ),
        *_DRIFTS,
    ),
    "place_reminder": MailText(
        _l("Have you found “%(title)s”?"),
        _l(
            "%(name)s left “%(title)s” for you at “%(place)s”. Please say whether you have found it: without a word "
            "from you before %(due)s it is marked as received."
        ),
        *_DRIFTS,
    ),
    "drift_no_asker": MailText(
        _l("“%(title)s”: could you not come?"),
        _l(
            "%(name)s says that you did not come to get “%(title)s”. If it is not so, or if you need another time, "
            "please say so before %(due)s. Without an answer the exchange ends and your bean comes back; your "
            "profile then counts a hand-over without an answer."
        ),
        *_DRIFTS,
    ),
    "drift_no_giver": MailText(
        _l("“%(title)s”: could you not come?"),
        _l(
            "%(name)s says that you have not brought “%(title)s”. If it is not so, or if you need another time, please "
            "say so before %(due)s. Without an answer the exchange ends and your copy is hidden; your profile then "
            "counts a hand-over without an answer."
        ),
        *_DRIFTS,
    ),
    "drift_still_on": MailText(
        _l("“%(title)s”: the exchange goes on"),
        _l(
            "One of you has waited for “%(title)s”, and the other has answered: the exchange with %(name)s goes on. "
            "Please agree once more on when and where."
        ),
        *_DRIFTS,
    ),
    "drift_no_show": MailText(
        _l("“%(title)s”: the exchange has ended"),
        _l("%(name)s has not answered, so the exchange of “%(title)s” has ended, and the bean went back to who asked."),
        *_DRIFTS,
    ),
    "drift_not_heard": MailText(
        _l("“%(title)s”: the exchange has ended"),
        _l(
            "%(name)s has waited for you, and we have not heard from you. So the exchange of “%(title)s” has ended, "
            "the bean went back to who asked, and your profile counts a hand-over without an answer."
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
            "%(name)s promised you “%(title)s” and can’t give it to you after all. The reason stands among your "
            "exchanges. Your bean is back."
        ),
        *_DRIFTS,
    ),
    "drift_address_changed": MailText(
        _l("“%(title)s” goes to another address"),
        _l(
            "%(name)s would like “%(title)s” to be sent to another address, which stands among your exchanges. "
            "Please look it up again before you mail the book."
        ),
        *_DRIFTS,
    ),
    "drift_expired": MailText(
        _l("“%(title)s”: your bean is back"),
        _l(
            "The time for “%(title)s” ran out without a word from %(name)s, so the request has ended "
            "and your bean is back."
        ),
        *_DRIFTS,
    ),
    "copy_hidden": MailText(
        _l("“%(title)s”: your copy is hidden"),
        _l(
            "The time for the request of %(name)s ran out, so your copy of “%(title)s” is hidden. "
            "One click among your gifts brings it back."
        ),
        "web.my_gifts",
        _l("See my gifts"),
    ),
    "drift_mailed": MailText(
        _l("“%(title)s” is on its way to you"),
        _l("%(name)s has mailed “%(title)s”. Please tell us when it arrives: then the giver gets the bean."),
        *_DRIFTS,
    ),
    "drift_reminder": MailText(
        _l("Has “%(title)s” arrived?"),
        _l(
            "%(name)s mailed you “%(title)s”. If it is there, please say so: the giver waits for the bean. "
            "After some weeks without a word it is marked as received."
        ),
        *_DRIFTS,
    ),
    "drift_received": MailText(
        _l("“%(title)s” has arrived"),
        _l("“%(title)s” has arrived, and the bean of %(name)s is yours. Thank you for giving it!"),
        *_DRIFTS,
    ),
    "drift_arrived": MailText(
        _l("“%(title)s” has arrived"),
        _l("“%(title)s” has arrived. Thank you for giving it! When the bean of %(name)s is yours stands beside it."),
        *_DRIFTS,
    ),
    "drift_assumed_received": MailText(
        _l("“%(title)s” is marked as received"),
        _l("We have not heard from you, so “%(title)s” is marked as received, and the bean goes to %(name)s."),
        *_DRIFTS,
    ),
    "drift_missing": MailText(
        _l("“%(title)s” was reported missing"),
        _l("“%(title)s” has not reached %(name)s. The bean went back; should the book still arrive, it is yours."),
        *_DRIFTS,
    ),
    "drift_written": MailText(
        _l("%(name)s wrote to you about “%(title)s”"),
        _l("%(name)s wrote to you about “%(title)s”. You can read it and answer among your exchanges."),
        *_DRIFTS,
    ),
    "wish_offered": MailText(
        _l("“%(title)s” is kept for you"),
        _l(
            "%(name)s gives “%(title)s”, which you wish for, and the copy is kept for you until %(due)s. "
            "Ask for it before, if you want it."
        ),
        "web.my_wish",
        _l("See my wishes"),
    ),
    "wish_offer_ended": MailText(
        _l("“%(title)s” is no longer kept for you"),
        _l("The copy of “%(title)s” that %(name)s gives is no longer kept for you. You keep your place."),
        "web.my_wish",
        _l("See my wishes"),
    ),
}


def write_exchange_mail(
    kind: str, to: str, locale: str, off_link: str | None, *, nickname: str, title: str, name: str, place: str, due: str
) -> Mail:
    """Return the mail about one event of the exchange."""
    mail_text = MAIL_TEXTS[kind]
    facts = {"title": title, "name": name, "place": place, "due": due}
    link = site_link(mail_text.endpoint)
    return write_mail("exchange", to, locale, off_link, nickname=nickname, mail_text=mail_text, facts=facts, link=link)


def write_digest(to: str, locale: str, off_link: str, *, nickname: str, sentences: Sequence[str]) -> Mail:
    """Return the summary of what has happened, one sentence each."""
    links = {"link": site_link("web.notices"), "settings_link": site_link("web.user_settings")}
    return write_mail("digest", to, locale, off_link, nickname=nickname, sentences=sentences, **links)
