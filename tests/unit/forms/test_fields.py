"""Fields that several forms share."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from app.forms.fields import EmailField, HiddenField, PasswordField, StringField, TextAreaField

TEXTS = [StringField, HiddenField, TextAreaField, PasswordField, EmailField]


@pytest.mark.parametrize("kind", TEXTS, ids=lambda kind: kind.__name__)
def test_a_text_that_was_not_sent_is_empty(kind):
    class Question(Form):
        words = kind(filters=[lambda text: text and text.strip()])
        key = kind(default=lambda: "made")

    assert [Question().words.data, Question(MultiDict({"key": ""})).words.data] == ["", ""]
    assert [Question().key.data, Question(MultiDict({"words": " a "})).key.data] == ["made", "made"]
    assert Question(MultiDict({"words": " a "})).words.data == "a"
