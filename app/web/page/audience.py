"""Who may see what the reader lists."""

from app.forms.audience import AudienceForm
from app.services.sight.audience import find_audience
from app.web.page.reader import reader


def offer_audience(form: AudienceForm, gift_id: int | None = None) -> None:
    """Let the reader choose in a form, at first as for one of their listings, or for the last one.

    One statement, and none for a reader who never had to do with a circle.
    """
    if not reader().has_circles:
        form.offer_audience([], [])
        return
    own = find_audience(reader().id, gift_id)
    form.offer_audience(own.circles, own.chosen)


def new_audience_form() -> AudienceForm:
    """Return the form for a page on whose buttons copies are listed."""
    form = AudienceForm(formdata=None)
    offer_audience(form)
    return form
