"""The site on a phone: its manifest, and what is there without a network."""

import hashlib
import json
from pathlib import Path

from flask import Response, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.i18n import current_language, language_tag, use_locale
from app.rules.clock import DAY
from app.static_files import EXTENSION, SOURCE
from app.web.blueprint import web
from app.web.page.assets import asset

ICON_SIZES = (192, 512)
KEPT_FILES = ("style.css", "mark.svg", "empty.svg", "search.js", "suggest.js", "asking.js", "offline.js")
"""Static files that are there from the start; the others are kept when they are first asked for."""


@web.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    """Return the web app manifest (W3C), for phones that add the site to the home screen."""
    icons = [{"src": asset(f"icon-{n}.png"), "sizes": f"{n}x{n}", "type": "image/png"} for n in ICON_SIZES]
    maskable = {"src": asset("icon-full.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"}
    response = jsonify(
        id="./",
        name=current_app.config["SITE_NAME"],
        short_name="鱼书",
        lang=language_tag(current_app.config["LANGUAGES"][0]),
        start_url="./",
        scope="./",
        display="minimal-ui",
        background_color="#faf6ee",
        theme_color="#faf6ee",
        categories=["books", "social"],
        icons=[*icons, maskable, {"src": asset("mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
    )
    response.mimetype = "application/manifest+json"
    response.cache_control.max_age = DAY
    return response


@web.get("/sw.js")
def service_worker() -> ResponseReturnValue:
    """Return the service worker (W3C), at the root because it is for all pages; each release has a new one."""
    site = {
        "root": request.script_root,
        "files": [asset(name) for name in KEPT_FILES],
        "offline": {code: url_for("web.offline", lang=code) for code in current_app.config["LANGUAGES"]},
    }
    source = _source_of("sw.js")
    site["version"] = hashlib.sha256((json.dumps(site) + source).encode()).hexdigest()[:12]
    response = Response(f"const site={json.dumps(site)};\n{source}", mimetype="text/javascript")
    response.cache_control.no_cache = True
    response.add_etag()
    return response.make_conditional(request)


@web.get("/offline")
def offline() -> ResponseReturnValue:
    """Return the page that is shown without a network; a service worker asks for it in each language."""
    language = request.args.get("lang", "")
    with use_locale(language if language in current_app.config["LANGUAGES"] else current_language()):
        return render_template("site/offline.html")


def _source_of(name: str) -> str:
    if current_app.debug:
        return (SOURCE / name).read_text(encoding="utf-8")
    built: Path = Path(current_app.config["STATIC_PATH"]) / current_app.extensions[EXTENSION][name]
    return built.read_text(encoding="utf-8")
