"""Bringing many books at once, and saying what becomes of them."""

from collections.abc import Mapping
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.validators import Optional

from app.forms.audience import AudienceForm
from app.forms.fields import PostForm, TextAreaField, choices_of
from app.forms.gift import CONDITIONS
from app.rules.exchange.listing import Condition
from app.rules.shelf.basket import Plan
from app.rules.text import as_pasted

PLANS = {
    Plan.LIST: _l("give it away"),
    Plan.PRIVATE: _l("keep it on my private shelf"),
    Plan.WISH: _l("wish for it"),
    Plan.LEAVE: _l("leave it in the basket"),
    Plan.DROP: _l("take it out"),
}


class BringForm(PostForm):
    """Books in a text, a photo or a file."""

    text = TextAreaField(_l("ISBNs, or any text with ISBNs in it"), filters=[as_pasted], render_kw={"autofocus": True})
    file = FileField(_l("A file"))
    photo = FileField(_l("A photo of one or several barcodes"), render_kw={"accept": "image/*"})


class BasketForm(AudienceForm):
    """What becomes of all books in the basket for which nothing else is chosen."""

    plan = SelectField(
        _l("What to do with them"),
        choices=choices_of([("", _l("only what I choose for each")), *((plan, PLANS[plan]) for plan in PLANS)]),
        validators=[Optional()],
    )
    condition = SelectField(
        _l("Their condition"), choices=choices_of(CONDITIONS.items()), default="good", validators=[Optional()]
    )


class LineChoice(NamedTuple):
    """What was sent for a line."""

    plan: Plan
    condition: Condition | None
    book_id: int | None


def read_choices(sent: Mapping[str, str]) -> dict[int, LineChoice] | None:
    """Return what was chosen for each line, by its id; None if a value is none of those on the page."""
    try:
        ids = [int(name.removeprefix("plan-")) for name in sent if name.startswith("plan-")]
        return {id: _read_choice(sent, id) for id in ids}
    except ValueError:
        return None


def _read_choice(sent: Mapping[str, str], id: int) -> LineChoice:
    condition, book = sent.get(f"condition-{id}"), sent.get(f"book-{id}")
    if book and not (book.isascii() and book.isdigit() and len(book) < 19):
        raise ValueError(book)
    return LineChoice(
        Plan(sent[f"plan-{id}"]), Condition(condition) if condition else None, int(book) if book else None
    )
