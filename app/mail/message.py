"""A mail before it is sent: written in the reader's language, as text and as HTML."""

import re
from dataclasses import dataclass, field
from typing import Any

from flask import render_template

from app.i18n import language_tag, use_locale
from app.site_links import site_host, site_link

__all__ = ["Mail", "site_host", "site_link", "write_mail"]

_GAP = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Mail:
    """One mail to one reader. `off_link` turns this kind of mail off with one click."""

    to: str
    subject: str
    text: str
    html: str
    off_link: str | None = field(default=None)


def write_mail(template: str, to: str, locale: str, off_link: str | None = None, **values: Any) -> Mail:
    """Render `mail/<template>.txt` and `.html` in the reader's language.

    The first line of the text template is the subject.
    """
    with use_locale(locale):
        values = {"subject": "", "link": "", **values, "off_link": off_link, "language": language_tag()}
        values |= {"site_url": site_link("web.index"), "settings_link": site_link("web.user_settings")}
        first, _, text = render_template(f"mail/{template}.txt", **values).partition("\n")
        html = render_template(f"mail/{template}.html", **values | {"subject": first.strip()})
    return Mail(to, " ".join(first.split()), _GAP.sub("\n\n", text.strip()) + "\n", html, off_link)
