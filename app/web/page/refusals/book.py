"""The words for refusals about works."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.rules.book import refusals as no
from app.web.page.refusals.register import Words, says, says_always

says_always(no.OneWorkAlready, _l("Both are editions of one work already."))
says_always(no.NothingToSplit, _l("Choose some of the editions, but not all: the others stay."))
says_always(no.UndoneAlready, _l("This has already been undone."))


@says(no.UnknownBook)
def _unknown_book(refusal: no.UnknownBook) -> Words:
    if not refusal.number:
        return Words(gettext("Please enter an ISBN."))
    return Words(gettext("We have no book with the number %(number)s.", number=refusal.number[:40]))
