"""Small files that browsers and crawlers request automatically."""

from flask import current_app, jsonify
from flask.typing import ResponseReturnValue

from app.rules.clock import DAY
from app.web.blueprint import web
from app.web.page.assets import asset

ICON_SIZES = (192, 512)


@web.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    """Return the web app manifest (W3C), for phones that add the site to the home screen."""
    icons = [{"src": asset(f"icon-{n}.png"), "sizes": f"{n}x{n}", "type": "image/png"} for n in ICON_SIZES]
    response = jsonify(
        name=current_app.config["SITE_NAME"],
        short_name="鱼书",
        start_url="./",
        display="minimal-ui",
        background_color="#faf6ee",
        theme_color="#faf6ee",
        icons=[*icons, {"src": asset("mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
    )
    response.mimetype = "application/manifest+json"
    response.cache_control.max_age = DAY
    return response


@web.get("/favicon.ico")
def favicon() -> ResponseReturnValue:
    """Serve the icon at the default URL that browsers request."""
    return current_app.send_static_file("icon-192.png")


@web.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """Keep crawlers away from the endless search pages."""
    return "User-agent: *\nDisallow: /book/search\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
