"""A reader's settings, and the public profile."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from app.forms.account import ProfileForm
from app.i18n import current_language
from app.models.base import now
from app.models.user import User
from app.rules.account.mail_topic import read_paces
from app.rules.account.public_page import Part
from app.rules.account.refusals import NicknameTaken
from app.rules.account.role import Role
from app.services.account import profile as users
from app.services.account.area import find_area_names
from app.services.delivery.places import has_open_place
from app.services.delivery.postal_address import list_addresses
from app.services.exchange.public_shelf import MOST_SHOWN, list_public_gifts, list_public_wishes
from app.services.exchange.trust import facts_of
from app.services.moderation.block import blocks, list_blocked
from app.services.sight.visible import PUBLIC
from app.services.trust.thanks import list_shown
from app.web.blueprint import web
from app.web.page.area import settle_area
from app.web.page.feed_links import own_feed_links
from app.web.page.reader import may_act, reader, sight
from app.web.page.refusals import refuse
from app.web.page.replica import from_replica


@web.get("/personal/settings")
@login_required
def user_settings() -> ResponseReturnValue:
    """Show the settings."""
    paces = {topic.value: pace.value for topic, pace in read_paces(reader().mail_paces).items()}
    names = find_area_names(reader().area)[current_language()]
    # WTForms prefers the reader's own attribute, which is one text.
    form = ProfileForm(obj=reader(), area_name=names, **paces)
    form.ways.data = list(reader().terms.ways)
    form.shown.data = list(reader().public_page.parts)
    return _show_settings(form)


@web.post("/personal/settings")
@login_required
def change_user_settings() -> ResponseReturnValue:
    """Store the settings."""
    form = ProfileForm()
    if form.validate_on_submit():
        try:
            names = form.nickname.data, form.locale.data, form.time_zone.data
            users.change_profile(reader(), *names, form.paces, int(form.digest_day.data), form.terms, form.public_page)
        except NicknameTaken as refusal:
            refuse(form, refusal)
        else:
            flash(gettext("Your settings are saved."), "success")
            if form.area_name.raw_data:
                return settle_area(form.area_name.data, url_for("web.user_settings"))
            return redirect(url_for("web.user_settings"))
    return _show_settings(form), 400


def _show_settings(form: ProfileForm) -> str:
    blocked = list_blocked(reader().id) if reader().has_blocks else []
    facts = {"has_places": has_open_place(), "blocked": blocked, "feed": own_feed_links(reader())}
    facts |= {"addresses": list_addresses(reader().id), "now": now()}
    return render_template("user/settings.html", form=form, reader=reader(), **facts)


@web.get("/user/<int:id>")
@from_replica
def user(id: int) -> ResponseReturnValue:
    """Show a reader's public profile."""
    found = User.find(id)
    if found is None:
        abort(404)
    parts = found.public_page.parts
    facts = {
        "gifts": list_public_gifts(found.id, sight()) if Part.SHELF in parts else [],
        "wishes": list_public_wishes(found.id, sight()) if Part.WISHES in parts else [],
        "area": find_area_names(found.area)[current_language()] if Part.AREA in parts and found.area else "",
        "past": facts_of(found.id),
        "lines": list_shown(found.id, sight()),
        "now": now(),
        "may_moderate": may_act(Role.MODERATOR),
        "most_shown": MOST_SHOWN,
    }
    is_blocked = sight() != PUBLIC and blocks(reader().id, found.id)
    return render_template("user/profile.html", user=found, is_blocked=is_blocked, **facts)
