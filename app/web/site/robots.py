"""Small files that browsers and crawlers request automatically."""

from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from app.site_links import site_link
from app.web.blueprint import web


@web.get("/favicon.ico")
def favicon() -> ResponseReturnValue:
    """Serve the icon at the default URL that browsers request."""
    return current_app.send_static_file("icon-192.png")


@web.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """Keep crawlers away from the endless search pages, and name the sitemap."""
    rules = f"User-agent: *\nDisallow: /book/search\n\nSitemap: {site_link('web.sitemap')}\n"
    return rules, 200, {"Content-Type": "text/plain; charset=utf-8"}


@web.get("/.well-known/change-password")
def well_known_change_password() -> ResponseReturnValue:
    """Lead password managers to the page on which a password is changed (W3C, "A Well-Known URL for …")."""
    return redirect(url_for("web.change_password"))
