"""The components as pages use them: named arguments in, well-formed HTML out."""

import pytest
from bs4 import BeautifulSoup
from flask import flash, render_template_string
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from tests.site.pages import faults

FRAME = "<html lang='en'><title>x</title><main><h1>x</h1>{}</main></html>"


class SampleForm(FlaskForm):
    name = StringField("Name", [InputRequired("A name is missing.")])
    note = StringField("Note")
    password = PasswordField("Password", [InputRequired("A password is missing.")])
    message = TextAreaField("Message", [InputRequired("A message is missing.")])
    city = SelectField("City", choices=[SelectChoice("b", "Beijing"), SelectChoice("s", "Shanghai")])
    kind = RadioField(
        "Kind",
        choices=[SelectChoice("g", "Gift"), SelectChoice("w", "Wish")],
        validators=[InputRequired("Choose one.")],
    )
    agree = BooleanField("I agree", [InputRequired("Please agree.")])
    next = HiddenField()


@pytest.fixture
def draw(app):
    """Render a template's text in an otherwise empty page."""

    def drawn(source, method="GET", **values):
        with app.test_request_context("/", method=method, headers={"Accept-Language": "en"}):
            form = SampleForm()
            if method == "POST":
                form.validate()
            text = render_template_string(source, form=form, **values)
        return BeautifulSoup(FRAME.format(text), "html.parser")

    return drawn


FORM = """
{% from "components/form/form.html" import form as post_form %}{% from "components/form/field.html" import field %}
{% call post_form(form, "/do", "Send") %}
{{ field(form.name, hint="As on the parcel", autocomplete="name") }}{{ field(form.note) }}
{{ field(form.password, autocomplete="new-password") }}{{ field(form.message, rows=4) }}{{ field(form.city) }}
{{ field(form.kind) }}{{ field(form.agree) }}
{% endcall %}
"""


def test_a_form_has_its_token_its_fields_and_one_button(draw):
    page = draw(FORM)

    assert faults(page) == []
    assert page.form["action"] == "/do"
    assert page.form.button.get_text(strip=True) == "Send"
    assert page.select_one("input[name=next][type=hidden]")
    assert page.select_one("input[name=name][autocomplete=name][aria-describedby=name-hint][required]")
    assert page.select_one("input[type=password][autocomplete=new-password]")
    assert page.select_one("textarea[rows='4']")
    assert len(page.select("fieldset legend")) == 1
    assert page.find("label", attrs={"for": "note"}).get_text(" ", strip=True) == "Note (optional)"
    assert not page.select("[role=alert], [aria-invalid]")


def test_a_refused_form_says_what_is_wrong_beside_each_field(draw):
    page = draw(FORM, method="POST")

    assert faults(page) == []
    assert page.select_one("[role=alert]").get_text(strip=True).startswith("Something is missing")
    for name, sentence in (
        ("name", "A name is missing."),
        ("password", "A password is missing."),
        ("message", "A message is missing."),
    ):
        control = page.find(id=name)
        assert control["aria-invalid"] == "true"
        assert page.find(id=f"{name}-error").get_text() == sentence
        assert f"{name}-error" in control["aria-describedby"]
    assert page.select_one("fieldset[aria-describedby=kind-error]")


def test_what_is_wrong_with_the_whole_form_is_said_on_top(draw, monkeypatch):
    def refuse(form, _validators=None):
        form.form_errors = ["You have no bean left."]
        return False

    monkeypatch.setattr(SampleForm, "validate", refuse)

    assert draw(FORM, method="POST").select_one("[role=alert]").get_text(strip=True) == "You have no bean left."


def test_a_button_alone_is_a_whole_form(draw):
    page = draw(
        '{% from "components/form/post_button.html" import post_button %}'
        '{{ post_button("/gifts/1/redraw", "Withdraw", kind="danger", about=title, fields={"n": 3}) }}',
        title="《三体》<b>",
    )

    assert faults(page) == []
    assert page.button["class"] == ["button", "danger"]
    assert page.button.get_text() == "Withdraw 《三体》<b>"
    assert page.select_one("input[name=n]")["value"] == "3"


@pytest.mark.parametrize(("category", "role"), [("error", "alert"), ("success", "status"), ("message", "status")])
def test_a_flash_is_told_to_screen_readers(app, category, role):
    with app.test_request_context("/"):
        flash("<b>Done</b>", category)
        text = render_template_string('{% from "components/page/flashes.html" import flashes %}{{ flashes() }}')

    shown = BeautifulSoup(text, "html.parser").p
    assert shown["role"] == role
    assert shown.get_text() == "<b>Done</b>"


def test_the_pager_leads_on_with_the_words_and_the_cursor(draw):
    page = draw(
        '{% from "components/page/pagination.html" import pagination %}'
        '{{ pagination({"q": "a&b 三"}, 2, 9, next_cursor="c=") }}'
    )

    assert faults(page) == []
    assert page.select_one("a[rel=next]")["href"] == "?q=a%26b+%E4%B8%89&page=3&cursor=c%3D"
    assert page.select_one("[aria-current=page]").get_text() == "2"


def test_one_page_needs_no_pager(draw):
    source = '{% from "components/page/pagination.html" import pagination %}{{ pagination({"q": "x"}, 1, 1) }}'

    assert not draw(source).select("nav")


def test_a_place_in_the_navigation_shows_where_the_reader_is_and_what_waits(draw):
    page = draw(
        '{% from "components/page/nav_item.html" import nav_item %}'
        '<ul>{{ nav_item("/", "Shelf", current=true) }}{{ nav_item("/pending", "Exchanges", count=3) }}</ul>'
    )

    assert page.select_one("[aria-current=page]").get_text() == "Shelf"
    assert page.select_one(".count").get_text() == "3 waiting for you"
    assert len(page.select(".count")) == 1
