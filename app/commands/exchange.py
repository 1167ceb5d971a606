"""`flask deadlines`, `flask beans` and `flask privacy`: keeping the exchange going and honest."""

import sys

import click
from cryptography.fernet import Fernet

from app.commands.group import SiteGroup
from app.models.base import now
from app.models.user import User
from app.rules.beans import LONGEST_GRANT_KEY
from app.services.address import erase_due_addresses
from app.services.bean import audit_beans, grant_beans
from app.services.deadline import run_deadlines
from app.services.privacy import rotate_keys

deadlines = SiteGroup("deadlines", help="Apply what is due in the exchange.")
beans = SiteGroup("beans", help="Check and grant beans.")
privacy = SiteGroup("privacy", help="Addresses: keys and erasure.")


@deadlines.command("run")
def run() -> None:
    """Apply lapses, reminders, receipts, ended offers and erasures that are due; exit with 1 if a drift is stuck."""
    done = run_deadlines(now())
    click.echo(f"{done.drifts} drifts, {done.offers} offers, {done.addresses} addresses erased")
    for drift in done.stuck:
        click.echo(f"drift {drift} can not be moved: see the log", err=True)
    sys.exit(1 if done.stuck else 0)


@beans.command("audit")
def audit() -> None:
    """Recompute all balances from the ledger; exit with 1 on any difference."""
    books = audit_beans()
    for fault in books.faults:
        click.echo(fault, err=True)
    click.echo(
        f"{books.transfers} transfers, {books.in_circulation} beans with readers, "
        f"{books.in_escrow} in escrow, {len(books.faults)} faults"
    )
    sys.exit(1 if books.faults else 0)


@beans.command("grant")
@click.argument("email")
@click.argument("amount", type=click.IntRange(1, 1000))
@click.option("--key", required=True, help="Names the grant; the same key is never given twice.")
def grant(email: str, amount: int, key: str) -> None:
    """Give a reader beans from the mint."""
    if len(key) > LONGEST_GRANT_KEY:
        raise click.UsageError(f"a key has at most {LONGEST_GRANT_KEY} characters")
    user = User.find_by_email(email)
    if user is None:
        click.echo("there is no reader with this address", err=True)
        sys.exit(2)
    done = grant_beans(user.id, amount, key, now())
    click.echo(f"{amount} granted" if done else "granted before, nothing done")


@privacy.command("new-key")
def new_key() -> None:
    """Print a new key, to be put in front of FISHER_FIELD_KEYS."""
    click.echo(Fernet.generate_key().decode())


@privacy.command("rotate")
def rotate() -> None:
    """Encrypt everything anew with the first key; exit with 1 when a text fits no key."""
    done, failed = rotate_keys()
    click.echo(f"{done} texts encrypted with the newest key, {failed} readable with none")
    sys.exit(1 if failed else 0)


@privacy.command("purge")
def purge() -> None:
    """Erase the addresses of drifts that ended long enough ago."""
    click.echo(f"{erase_due_addresses(now())} addresses erased")
