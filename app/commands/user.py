"""`flask user …`: accounts, for operators."""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import click
from werkzeug.datastructures import MultiDict

from app.commands.group import SiteGroup
from app.forms.account import RegisterForm
from app.i18n import LANGUAGE_NAMES
from app.models.base import now
from app.rules.account.role import Role
from app.rules.moderation.decision import LONGEST_RESTRICTION, Act, Ground, Verdict
from app.rules.moderation.report import ReportKind
from app.rules.refusal import Refusal
from app.services.account import administration
from app.services.door import invitation
from app.services.errors import NotFound
from app.services.moderation import decision

user = SiteGroup("user", help="Accounts: READER is a number, an e-mail address or a nickname.")
READER = click.argument("reader", metavar="READER")
MOST_USES, MOST_DAYS = 1_000, 366
ROLES = click.Choice([role.value for role in Role])
REFUSED = {
    "EmailTaken": "another reader has this address",
    "NicknameTaken": "another reader has this nickname",
    "NoSuchReader": "there is no such reader",
    "EndNotSaid": "the day has to be ahead",
    "RestrictedTooLong": f"at most {LONGEST_RESTRICTION} days",
    "SecondFactorIsOff": "it is off already",
    "PasswordTooEasy": "this password is among the first that anybody would try",
}


def _do(action: Callable[..., Any], *values: Any) -> Any:
    try:
        return action(*values)
    except Refusal as refusal:
        click.echo(REFUSED[type(refusal).__name__], err=True)
        sys.exit(1)


@user.command("create")
@click.argument("nickname")
@click.argument("email")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--locale", type=click.Choice(list(LANGUAGE_NAMES)), default="zh", show_default=True)
@click.option("--confirmed", is_flag=True, help="The address needs no confirming.")
def create(nickname: str, email: str, password: str, locale: str, confirmed: bool) -> None:
    """Make an account."""
    values = MultiDict({"nickname": nickname, "email": email, "password": password})
    form = RegisterForm(values, meta={"csrf": False})
    if not form.validate():
        for name, errors in form.errors.items():
            click.echo(f"{name}: {' '.join(map(str, errors))}", err=True)
        sys.exit(2)
    id = _do(administration.create_reader, form.nickname.data, form.email.data, password, locale, confirmed)
    click.echo(f"reader {id}")


@user.command("confirm")
@READER
def confirm(reader: str) -> None:
    """Mark the reader's address as confirmed."""
    _do(administration.confirm_reader, reader)
    click.echo("confirmed")


@user.command("password")
@READER
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def password(reader: str, password: str) -> None:
    """Set a new password; the reader is logged out everywhere and notified by mail."""
    _do(administration.set_reader_password, reader, password)
    click.echo("password set")


@user.command("role")
@READER
@click.argument("role", type=ROLES)
def set_role(reader: str, role: str) -> None:
    """Make a reader a moderator or an operator, or an ordinary reader again, with effect from the next request."""
    _do(administration.set_role, reader, Role(role))
    click.echo(f"role: {role}")


@user.command("second-factor-off")
@READER
@click.confirmation_option(prompt="Are you sure who asks for it? From then on the password alone is enough.")
def second_factor_off(reader: str) -> None:
    """Turn two-step verification off for a reader who has lost app and recovery codes; all devices are logged out."""
    _do(administration.remove_second_factor, reader)
    click.echo("two-step verification is off")


@user.command("suspend")
@READER
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day that is not part of it.")
@click.option("--ground", type=click.Choice([ground.value for ground in Ground]), required=True)
@click.option("--words", default="", help="What the mail to the reader says besides the rule.")
def suspend(reader: str, until: datetime, ground: str, words: str) -> None:
    """Let a reader not log in until a day; both sides are told, as by the desk."""
    id = _do(administration.get_reader, reader).id
    verdict = Verdict(Act.SUSPEND, Ground(ground), words, decision.beginning_of(until.date(), id))
    number = _do(decision.decide, None, ReportKind.READER, id, verdict, now())
    click.echo(f"suspended: decision {number}")


@user.command("restore")
@READER
def restore(reader: str) -> None:
    """Take back all decisions by which a reader is limited or suspended."""
    number = decision.lift_restrictions(_do(administration.get_reader, reader).id, now())
    click.echo(f"decisions taken back: {number}")


@user.command("invite")
@click.option("--uses", type=click.IntRange(1, MOST_USES), default=1, show_default=True, help="For how many people.")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=14, show_default=True, help="How long it works.")
def invite(uses: int, days: int) -> None:
    """Print a link by which people can register while FISHER_DOOR is `invite`."""
    number, token = invitation.invite_for_the_site(uses, days, now())
    click.echo(f"invitation {number}: {invitation.invitation_link(token)}")


@user.command("uninvite")
@click.argument("number", type=click.IntRange(1, 10**administration.LONGEST_NUMBER - 1))
def uninvite(number: int) -> None:
    """Let nobody else in by an invitation, whoever made it."""
    try:
        invitation.revoke_invitation(None, number, now())
    except NotFound:
        click.echo("there is no such invitation", err=True)
        sys.exit(1)
    click.echo("revoked")


@user.command("delete")
@READER
@click.confirmation_option(prompt="Erase this reader's data for good?")
def delete(reader: str) -> None:
    """Close the account and erase what is personal."""
    _do(administration.delete_reader, reader)
    click.echo("closed")


@user.command("list")
@click.option("--limit", default=100, show_default=True)
@click.option("--role", type=ROLES, help="Only readers with this role.")
def list_users(limit: int, role: str | None) -> None:
    """Print the readers who joined last: number, nickname, whether confirmed, beans."""
    for reader in administration.list_readers(limit, Role(role) if role else None):
        state = "confirmed" if reader.is_confirmed else "not confirmed"
        click.echo(f"{reader.id}\t{reader.nickname}\t{state}\t{reader.beans}")
