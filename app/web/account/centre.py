"""A reader's personal centre and settings, and the public profile."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from app.forms.account import ProfileForm
from app.i18n import current_language
from app.models.base import now
from app.models.user import User
from app.rules.account.mail_topic import read_paces
from app.rules.account.refusals import NicknameTaken
from app.rules.account.role import Role
from app.services.account import profile as users
from app.services.account.area import find_area_names
from app.services.bean.ledger import list_ledger
from app.services.delivery.places import has_open_place
from app.services.delivery.postal_address import list_addresses
from app.services.exchange.trust import find_trust
from app.web.blueprint import web
from app.web.page.area import settle_area
from app.web.page.caching import no_store
from app.web.page.paging import last_page, page_number, page_size
from app.web.page.reader import may_act, reader
from app.web.page.refusals import refuse
from app.web.page.replica import from_replica


@web.get("/personal")
@login_required
@no_store
def personal() -> ResponseReturnValue:
    """Show the reader's beans, saved addresses and settings."""
    ledger = list_ledger(reader().id, page_number(), page_size())
    if ledger.page > ledger.pages:
        return last_page(ledger.pages)
    addresses = list_addresses(reader().id)
    facts = {"ledger": ledger, "addresses": addresses, "now": now(), "may_moderate": may_act(Role.MODERATOR)}
    return render_template("user/personal.html", reader=reader(), **facts)


@web.get("/personal/settings")
@login_required
def user_settings() -> ResponseReturnValue:
    """Show the settings."""
    paces = {topic.value: pace.value for topic, pace in read_paces(reader().mail_paces).items()}
    names = find_area_names(reader().area)[current_language()]
    # WTForms prefers the reader's own attribute, which is one text.
    form = ProfileForm(obj=reader(), area_name=names, **paces)
    form.ways.data = list(reader().terms.ways)
    return _show_settings(form)


@web.post("/personal/settings")
@login_required
def change_user_settings() -> ResponseReturnValue:
    """Store the settings."""
    form = ProfileForm()
    if form.validate_on_submit():
        try:
            names = form.nickname.data, form.locale.data, form.time_zone.data
            users.change_profile(reader(), *names, form.paces, int(form.digest_day.data), form.terms)
        except NicknameTaken as refusal:
            refuse(form, refusal)
        else:
            flash(gettext("Your settings are saved."), "success")
            if form.area_name.raw_data:
                return settle_area(form.area_name.data, url_for("web.personal"))
            return redirect(url_for("web.personal"))
    return _show_settings(form), 400


def _show_settings(form: ProfileForm) -> str:
    return render_template("user/settings.html", form=form, has_places=has_open_place())


@web.get("/user/<int:id>")
@from_replica
def user(id: int) -> ResponseReturnValue:
    """Show a reader's public profile."""
    found = User.find(id)
    if found is None:
        abort(404)
    return render_template(
        "user/profile.html", user=found, trust=find_trust(found.id), now=now(), may_moderate=may_act(Role.MODERATOR)
    )
