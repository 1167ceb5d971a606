"""`flask deadlines`, `flask beans` and `flask privacy`: deadlines, audits and erasures of the exchange."""

import sys

import click
from cryptography.fernet import Fernet

from app.commands.group import SiteGroup
from app.models.base import now
from app.models.user import User
from app.rules.bean.transfer import LONGEST_GRANT_KEY
from app.services.account.pool import run_pool
from app.services.bean.audit import audit_beans
from app.services.bean.suspects import find_suspects
from app.services.bean.transfers import grant_beans
from app.services.delivery.postal_address import erase_due_addresses
from app.services.exchange.deadlines import run_deadlines
from app.services.site.field_keys import rotate_keys
from app.services.site.future import find_future_times

deadlines = SiteGroup("deadlines", help="Apply what is due in the exchange.")
beans = SiteGroup("beans", help="Check and grant beans, and check copies.")
privacy = SiteGroup("privacy", help="Addresses: keys and erasure.")


@deadlines.command("run")
def run() -> None:
    """Apply all deadlines that have passed, and steps that cannot be undone any more; 1: a drift is stuck."""
    done = run_deadlines(now())
    click.echo(
        f"{done.steps} steps, {done.drifts} drifts, {done.payments} payments, {done.offers} offers, "
        f"{done.addresses} addresses erased"
    )
    for drift in done.stuck:
        click.echo(f"drift {drift} can not be moved: see the log", err=True)
    sys.exit(1 if done.stuck else 0)


@beans.command("audit")
def audit() -> None:
    """Recompute all balances, and list misplaced copies and times in the future; exits with 1 on any difference."""
    books = audit_beans()
    future = find_future_times(now())
    for fault in books.faults + future:
        click.echo(fault, err=True)
    faults = books.fault_count + len(future)
    click.echo(
        f"{books.transfers} transfers, {books.in_circulation} beans with readers, "
        f"{books.in_escrow} in escrow, {books.in_pool} in the pool, {books.asleep} asleep, {books.vesting} vesting, "
        f"{faults} faults"
    )
    sys.exit(1 if faults else 0)


@beans.command("pool")
def pool() -> None:
    """Let the beans of silent readers sleep, and help givers who have none, as the job worker does each day."""
    done = run_pool(now())
    click.echo(f"the beans of {done.asleep} readers fell asleep, {done.helped} readers got a bean")


@beans.command("suspects")
def suspects() -> None:
    """List readers who may be one person passing beans between accounts; for a person to look at."""
    found = find_suspects()
    for one, other, books in found.pairs:
        click.echo(f"pair: readers {one} and {other} deal mostly with each other, {books} exchanges")
    for ring in found.rings:
        click.echo(f"ring: readers {', '.join(map(str, ring))} deal only among themselves")
    for drift in found.quick:
        click.echo(f"quick: drift {drift} ended within an hour")
    for one, other in found.of_one_browser:
        click.echo(f"browser: readers {one} and {other} deal with each other and logged in last with one browser")
    for one, other in found.of_one_domain:
        click.echo(f"domain: readers {one} and {other} deal with each other and share a mail domain that few have")


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
    """Re-encrypt everything with the first key; exits with 1 when no key decrypts a text."""
    done, failed = rotate_keys()
    click.echo(f"{done} texts encrypted with the newest key, {failed} readable with none")
    sys.exit(1 if failed else 0)


@privacy.command("purge")
def purge() -> None:
    """Erase the addresses of drifts that ended long enough ago."""
    click.echo(f"{erase_due_addresses(now())} addresses erased")
