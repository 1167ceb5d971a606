"""Reading an Atom feed by the rules of RFC 4287."""

import re
from datetime import datetime
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
TAG = re.compile(r"tag:[\w.-]+,\d{4}(-\d\d){0,2}:\S+")


def read_feed(text):
    """Return the feed, after checking what RFC 4287 requires of it and of its entries."""
    feed = ElementTree.fromstring(text)  # noqa: S314 -- written by the site itself
    assert feed.tag == f"{ATOM}feed"
    authors = feed.findall(f"{ATOM}author")
    for part in (feed, *entries_of(feed)):
        for name in ("id", "title", "updated"):
            assert len(part.findall(ATOM + name)) == 1, f"one {name} (4.1.1, 4.1.2)"
        assert TAG.fullmatch(part.findtext(f"{ATOM}id")), "an id is a URI (4.2.6)"
        assert datetime.fromisoformat(part.findtext(f"{ATOM}updated")).tzinfo is not None, "with an offset (3.3)"
        assert part.findall(f"{ATOM}author") or authors, "an author (4.1.2)"
        assert all(author.findtext(f"{ATOM}name") for author in part.findall(f"{ATOM}author")), "with a name (3.2.1)"
        links = [link.attrib for link in part.findall(f"{ATOM}link")]
        alternate = [link for link in links if link.get("rel", "alternate") == "alternate"]
        assert len({(link.get("type"), link.get("hreflang")) for link in alternate}) == len(alternate) == 1
        assert all(re.match(r"https?://", link["href"]) for link in links)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries_of(feed)]
    assert len(set(ids)) == len(ids)
    return feed


def entries_of(feed):
    return feed.findall(f"{ATOM}entry")


def texts_of(feed, name):
    return [entry.findtext(ATOM + name) for entry in entries_of(feed)]


def links_of(feed, rel):
    return [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == rel]
