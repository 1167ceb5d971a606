"""The words for refusals of a reader's shelf, and of lists that readers bring along."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.rules.shelf import keeping
from app.rules.shelf import refusals as no
from app.web.page.refusals.register import Words, says, says_always

says_always(
    keeping.CopyStillListed,
    _l("This copy is on offer."),
    _l("Make it private first, then you can take it off your shelf."),
)
says_always(keeping.CopyOnOffer, _l("This copy is already on offer."))
says_always(keeping.CopyIsPrivate, _l("This copy is already private."))
says_always(
    keeping.NoWayKept,
    _l("We don’t know yet how you hand books over."),
    _l("Say it once in your settings, or on the page of the book."),
)

_INSTEAD = {
    "old_excel": _l("It is an old Excel file (.xls): save it as .xlsx or CSV."),
    "opendocument": _l("It is an OpenDocument table: save it as .xlsx or CSV."),
    "packed": _l("It is a compressed file: unpack it and upload what is inside."),
    "pdf": _l("It is a PDF, which has no columns: copy its text and paste it."),
    "web_page": _l("It is a web page: copy its text and paste it."),
    "encoding": _l("We can’t tell the encoding of its text: save it as UTF-8."),
}


@says(no.ListTooLong)
def _list_too_long(refusal: no.ListTooLong) -> Words:
    return Words(
        gettext("You can bring at most %(most)s books at once.", most=refusal.most),
        gettext("Split the list and upload the parts one by one: nothing is added twice."),
    )


@says(no.ListTooLarge)
def _list_too_large(refusal: no.ListTooLarge) -> Words:
    return Words(
        gettext("Lists can have at most %(megabytes)s MB.", megabytes=refusal.megabytes),
        gettext("Split the list and upload the parts one by one: nothing is added twice."),
    )


@says(no.UnknownList)
def _unknown_list(refusal: no.UnknownList) -> Words:
    known = gettext(
        "We read exports from Goodreads, StoryGraph, LibraryThing, Calibre, BookWyrm, Openreads, NeoDB, Doufen and "
        "this site, any table with a column of titles or ISBNs, and any text with ISBNs."
    )
    if not refusal.columns:
        return Words(gettext("There is no book in this list."), known)
    return Words(
        gettext("We know none of the columns of this table: %(columns)s.", columns=refusal.columns[:200]), known
    )


@says(no.UnreadableList)
def _unreadable_list(refusal: no.UnreadableList) -> Words:
    advice = _INSTEAD.get(refusal.kind or "", _l("It may be damaged or password-protected: export it once more."))
    return Words(gettext("This file can’t be read as a list of books."), str(advice))


@says(no.BasketFull)
def _basket_full(refusal: no.BasketFull) -> Words:
    return Words(
        gettext(
            "Your basket holds %(most)s books at most, and %(lines)s are in it.", most=refusal.most, lines=refusal.lines
        ),
        gettext("Deal with those first, or bring fewer at once."),
    )


says_always(
    no.UnreadablePhoto,
    _l("This photo can’t be read."),
    _l("Please upload a JPEG, PNG or WebP picture of at most 40 megapixels."),
)
says_always(
    no.NoBarcode,
    _l("There is no barcode of a book in this photo, or it is not sharp enough."),
    _l("Move closer and avoid reflections; you can also type the number below the barcode."),
)
