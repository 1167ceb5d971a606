"""How chat programs make a preview of a link: what they read of a page, and which pictures they show.

WeChat: the title and description of the page, and `og:image`, or else the first picture of the page that is large
enough and no SVG. WhatsApp and Telegram: Open Graph only, pictures of at most 300 kB, the last one if there are
several; the words are cut. Slack: what it finds of oEmbed, then of `twitter:`, then of `og:`.
"""

import io
from typing import NamedTuple
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from PIL import Image

SHOWN = {"image/png", "image/jpeg"}
SMALLEST = 300
LARGEST = 300_000


class Preview(NamedTuple):
    """What is shown with a link."""

    title: str
    description: str
    picture: str


def wechat(page: BeautifulSoup) -> Preview:
    """Return the preview in WeChat."""
    title, description = page.title.get_text(), _meta(page, "name", "description")
    pictures = [str(image["src"]) for image in page.select("body img") if int(image["width"]) >= SMALLEST]
    return Preview(title, description, (_meta(page, "property", "og:image") or [*pictures, ""][0]))


def whatsapp(page: BeautifulSoup) -> Preview:
    """Return the preview in WhatsApp, which is that in Telegram as well."""
    words = (_meta(page, "property", f"og:{name}") for name in ("title", "description"))
    title, description = (said[:most] for said, most in zip(words, (65, 160), strict=True))
    return Preview(title, description, [tag["content"] for tag in page.select("meta[property='og:image']")][-1])


def slack(page: BeautifulSoup) -> Preview:
    """Return the preview in Slack; the picture is large only if the page says so."""
    assert page.select("link[type='application/json+oembed']") == [], "Slack would ask for it first"
    assert _meta(page, "name", "twitter:card") == "summary_large_image"
    parts = (
        _meta(page, "name", f"twitter:{name}") or _meta(page, "property", f"og:{name}")
        for name in ("title", "description", "image")
    )
    return Preview(*parts)


PROGRAMS = (wechat, whatsapp, slack)


def picture_of(client: FlaskClient, address: str) -> Image.Image:
    """Return the picture of a preview, after checking that these programs show it; they have no cookies."""
    parts = urlsplit(address)
    assert parts.scheme in ("http", "https"), "relative addresses are not followed"
    answer = client.get(f"{parts.path}?{parts.query}", headers={"Accept-Language": ""})
    assert answer.status_code == 200
    assert answer.mimetype in SHOWN
    assert len(answer.data) <= LARGEST
    picture = Image.open(io.BytesIO(answer.data))
    assert min(picture.size) >= SMALLEST
    return picture


def _meta(page: BeautifulSoup, kind: str, name: str) -> str:
    tag = page.find("meta", attrs={kind: name})
    return str(tag["content"]) if tag else ""
