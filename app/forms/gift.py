"""Forms about copies, and about how a reader hands them over."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectMultipleField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.forms.area import area_field
from app.forms.audience import AudienceForm
from app.forms.fields import NumberField, PostForm, StringField, choices_of, form_key_field
from app.rules.exchange.drift import Way
from app.rules.exchange.lending import FEWEST_DAYS, MOST_DAYS
from app.rules.exchange.place import MOST_PLACES
from app.rules.exchange.way import LONGEST_WORDS, Terms, in_order
from app.rules.text import as_typed

CONDITIONS = {
    "new": _l("as new"),
    "very_good": _l("very good"),
    "good": _l("good"),
    "worn": _l("worn"),
}
WAYS = {
    Way.POST: _l("by post"),
    Way.MEET: _l("in person"),
    Way.PLACE: _l("left at a meeting place"),
}


def way_choices(ways: Iterable[Way]) -> list[Any]:
    """Return the choices of a field for ways."""
    return choices_of((way.value, WAYS[way]) for way in ways)


def ways_field(label: Any) -> SelectMultipleField:
    """Return a field for the ways in which a reader hands copies over."""
    return SelectMultipleField(
        label,
        choices=way_choices(Way),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


def places_field() -> SelectMultipleField:
    """Return a field for the meeting places that suit a giver."""
    return SelectMultipleField(
        _l("Where you can leave it"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class TermsForm(PostForm):
    """How a reader hands copies over, unless a copy says otherwise; no way at all leaves it to each copy."""

    ways = ways_field(_l("How you hand books over"))
    meeting_words = StringField(
        _l("Times and places that suit you"),
        filters=[as_typed],
        validators=[Length(max=LONGEST_WORDS, message=_l("At most 200 characters, please."))],
    )

    @property
    def terms(self) -> Terms:
        """What was chosen."""
        return Terms(in_order(self.ways.data or ()), self.meeting_words.data)


class CopyForm(TermsForm, AudienceForm):
    """What a giver says about a copy: its condition, a note about it, how it is handed over, and to whom."""

    condition = RadioField(
        _l("Condition"),
        choices=choices_of(CONDITIONS.items()),
        default="good",
        validators=[InputRequired()],
    )
    note = StringField(
        _l("Note"),
        filters=[as_typed],
        validators=[Length(max=200, message=_l("At most 200 characters, please."))],
    )
    lend_days = NumberField(
        _l("Only lend it, for so many days"),
        validators=[
            Optional(),
            NumberRange(FEWEST_DAYS, MOST_DAYS, message=_l("Please lend it for 7 to 90 days, or leave this empty.")),
        ],
        render_kw={"min": FEWEST_DAYS, "max": MOST_DAYS},
    )
    goes_on = BooleanField(_l("If I lend it, it may go on from reader to reader"))
    ways = ways_field(_l("How you can hand it over"))
    places = places_field()
    """Meeting places of the site; the page says which."""

    def offer_places(self, lines: Sequence[tuple[int, str]], chosen: Sequence[int]) -> None:
        """Say which places can be chosen, each with its id, and which of them are chosen in a form that is not sent.

        Without any, a copy can not be left at one.
        """
        self.places.choices = choices_of((str(id), line) for id, line in lines)
        if not self.is_submitted():
            self.places.data = list(map(str, chosen))
        if not lines:
            del self.places
            self.ways.choices = way_choices(way for way in Way if way is not Way.PLACE)

    def leave_to_lender(self) -> None:
        """Ask for nothing that the lender of a book has said, which its borrower hands on."""
        del self.lend_days, self.goes_on
        if self.audience:
            del self.audience

    def validate_ways(self, field: SelectMultipleField) -> None:
        """At least one: `InputRequired` would let browsers ask for each of them."""
        if not field.data:
            raise ValidationError(_l("Please choose at least one."))

    def validate_places(self, field: SelectMultipleField) -> None:
        """Some places, at most five, if the copy is left at one."""
        if Way.PLACE in (self.ways.data or ()) and not 1 <= len(set(field.data or ())) <= MOST_PLACES:
            raise ValidationError(_l("Please choose one to five places."))

    @property
    def terms(self) -> Terms:
        """What was chosen."""
        terms = replace(super().terms, circles=self.circles)
        if self.lend_days:
            terms = replace(terms, lend_days=self.lend_days.data, goes_on=self.goes_on.data)
        if Way.PLACE not in terms.ways:
            return terms
        return replace(terms, places=tuple({int(id) for id in self.places.data or ()}))


class OfferForm(CopyForm):
    """A copy to list."""

    area_name = area_field()
    """Asked for as long as the reader has not chosen an area."""
    form_key = form_key_field()
