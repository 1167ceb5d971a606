"""`flask backup …`: back up the site while it runs, check a backup, restore it."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from app.commands.group import SiteGroup
from app.services.bean.audit import audit_beans
from app.services.site.backup import create_backup, verify_backup
from app.services.site.backup_manifest import BackupDamaged, Manifest, missing_keys
from app.services.site.restore import DatabaseNotEmpty, restore_backup

Folder = click.Path(file_okay=False, path_type=Path)

backup = SiteGroup("backup", help="Back up the site, check a backup, restore it.")


@contextmanager
def _told() -> Iterator[None]:
    """Turn what can go wrong with files and backups into a line each."""
    try:
        yield
    except BackupDamaged as error:
        raise click.ClickException("\n".join(error.faults)) from error
    except (OSError, sqlite3.Error) as error:
        raise click.ClickException(f"broken off: {error}") from error


@backup.command("create")
@click.argument("folder", type=Folder)
@click.option("--no-covers", is_flag=True, help="Leave out the pictures of books, which can be fetched again.")
def create(folder: Path, no_covers: bool) -> None:
    """Back up the running site into a new folder inside FOLDER, and print its path."""
    with _told():
        whole, manifest = create_backup(folder, with_covers=not no_covers)
    click.echo(whole)
    _print(manifest)
    click.echo(f"not in it: {', '.join(manifest.keys)}; keep them apart, the backup is of little use without", err=True)


@backup.command("verify")
@click.argument("folder", type=Folder)
def verify(folder: Path) -> None:
    """Read a whole backup and compare it with its manifest; exits with 1 if it is damaged."""
    with _told():
        manifest = verify_backup(folder)
    _print(manifest)
    for line in missing_keys(manifest):
        click.echo(line, err=True)
    click.echo("the backup is whole")


@backup.command("restore")
@click.argument("folder", type=Folder)
@click.option("--replace", "is_replacing", is_flag=True, help="Delete everything that is in the database now.")
def restore(folder: Path, is_replacing: bool) -> None:
    """Restore a backup into the database of this site, while nothing else uses it, and audit the beans.

    Exits with 1 if nothing was restored, or if the audit finds a fault.
    """
    with _told():
        try:
            restored = restore_backup(folder, is_replacing=is_replacing)
        except DatabaseNotEmpty as error:
            raise click.ClickException(f"{error}: --replace deletes them") from error
        except DBAPIError as error:
            raise click.ClickException(f"broken off, no row was restored: {error.orig}") from error
    _print(restored.manifest)
    for line in missing_keys(restored.manifest):
        click.echo(line, err=True)
    faults = audit_beans().fault_count
    click.echo(f"restored; {restored.books} books indexed, {faults} faults in the audit of beans")
    sys.exit(1 if faults else 0)


def _print(manifest: Manifest) -> None:
    click.echo(
        f"{sum(manifest.rows.values())} rows of {len(manifest.rows)} tables at revision {manifest.revision}, "
        f"{manifest.covers} pictures, made {manifest.made_at} from {manifest.engine}",
        err=True,
    )
