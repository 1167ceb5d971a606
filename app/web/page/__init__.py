"""What surrounds every view: paths, assets, caching, rate limits, errors, refusals, the current reader."""

from flask import Flask
from jinja2 import StrictUndefined

from app.i18n import LANGUAGE_NAMES, area_name, current_language, language_tag, list_languages
from app.web.page.area import reader_area
from app.web.page.assets import asset
from app.web.page.caching import tell_caches
from app.web.page.compression import compress_page
from app.web.page.paths import path, refuse_long_address, this_page


def init_app(app: Flask) -> None:
    """Register the globals of templates, where undefined names raise, and the cache headers of pages."""
    app.before_request(refuse_long_address)
    app.after_request(compress_page)
    app.after_request(tell_caches)  # before the other: the last one registered runs first
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(
        this_page=this_page,
        asset=asset,
        path=path,
        reader_area=reader_area,
        current_language=current_language,
        language_names=LANGUAGE_NAMES,
        language_tag=language_tag,
        list_languages=list_languages,
        area_name=area_name,
    )
