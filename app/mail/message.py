"""A mail before it is sent: written in the reader's language, as text and as HTML."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template

from app.i18n import use_locale


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
        values |= {"off_link": off_link, "language": locale, "site_url": current_app.config["SITE_URL"]}
        first, _, text = render_template(f"mail/{template}.txt", **values).partition("\n")
        html = render_template(f"mail/{template}.html", **values | {"subject": first.strip()})
    return Mail(to, " ".join(first.split()), text.strip() + "\n", html, off_link)


def site_link(endpoint: str, **values: Any) -> str:
    """Return the absolute URL of a page, built from `SITE_URL` and never from a request."""
    site = urlsplit(current_app.config["SITE_URL"])
    pages = current_app.url_map.bind(site.netloc, site.path or "/", url_scheme=site.scheme)
    return str(pages.build(endpoint, values, force_external=True))


def site_host() -> str:
    """Return the site's host name in ASCII, as mail headers and links need it."""
    return urlsplit(site_link("web.index")).hostname or "localhost"
