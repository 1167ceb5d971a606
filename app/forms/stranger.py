"""The base of forms that can be sent without an account."""

from flask_babel import lazy_gettext as _l

from app.forms.fields import HiddenField, PostForm, StringField


class StrangerForm(PostForm):
    """A form for strangers, with what tells machines apart: see `app.web.page.strangers`."""

    homepage = StringField(_l("Leave this field empty"))
    """A trap: people neither see nor reach it."""
    ticket = HiddenField()
    """When the form was opened, and the work that is asked for; signed."""
    proof = HiddenField()
    """The number that proves the work."""
    question = StringField()
    """The answer to the operator's question."""
