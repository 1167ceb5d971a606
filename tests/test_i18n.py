"""Texts of templates: in the current language, and escaped where they become HTML."""

from flask import render_template_string

from app.i18n import current_language, use_locale
from app.mail.message import write_mail

WORDS = {"nickname": "<Tom & Kai>", "paragraphs": [], "link": None}


def test_values_in_a_text_are_escaped_in_html_and_left_alone_in_plain_text(app):
    with app.test_request_context("/"):
        mail = write_mail("account", "tom@example.org", "en", subject="Hello", **WORDS)

    assert "Dear <Tom & Kai>," in mail.text
    assert "Dear &lt;Tom &amp; Kai&gt;," in mail.html


def test_a_mail_in_another_language_leaves_the_page_in_its_own(app):
    source = "{{ _('Search') }} {{ ngettext('%(num)d book', '%(num)d books', 2) }}"
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        before = render_template_string(source)
        with use_locale("zh"):
            within = current_language(), render_template_string(source)
        after = render_template_string(source)

    assert before == after == "Search 2 books"
    assert within[0] == "zh"
    assert "Search" not in within[1]
    assert "books" not in within[1]
