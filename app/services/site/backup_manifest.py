"""What a backup says of itself: its files with their checksums, the revision and the rows of its tables, its keys."""

import dataclasses
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import current_app

from app.services.hashing import keyed_hash, plain_hash

DATABASE, COVERS, MANIFEST = "database.sqlite", "covers.tar", "manifest.json"
FORMAT = 1
_CHUNK = 1 << 20


class BackupDamaged(Exception):
    """A backup is not whole, or not what was written; `faults` has a line for each thing that is wrong."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The description of a backup; `keys` are names and fingerprints, from which no key can be computed."""

    made_at: str
    engine: str
    revision: str
    rows: dict[str, int]
    covers: int
    keys: dict[str, list[str]]
    files: dict[str, str]
    """The SHA-256 of each file."""
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write the manifest, which makes the backup whole, and wait until it is on the disk."""
        said = dataclasses.asdict(self)
        text = json.dumps(said | {"seal": _seal(said)}, indent=1, ensure_ascii=False)
        (folder / MANIFEST).write_text(text, encoding="utf-8")
        flush(folder / MANIFEST)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup.

    :raises BackupDamaged: there is none, or it was changed, or it is of a newer Fisher.
    """
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
        seal = said.pop("seal")
        if said["format"] != FORMAT:
            raise BackupDamaged(f"{MANIFEST} has the format {said['format']}, this Fisher reads {FORMAT}")
        if seal != _seal(said):
            raise BackupDamaged(f"{MANIFEST} was changed")
        return Manifest(**said)
    except FileNotFoundError:
        raise BackupDamaged(f"{folder} is no whole backup: it has no {MANIFEST}, which is written last") from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupDamaged(f"{MANIFEST} can not be read: {error}") from error


def _seal(said: Mapping[str, Any]) -> str:
    return plain_hash(json.dumps(said, sort_keys=True))


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, as `sha256sum` prints it."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def flush(path: Path) -> None:
    """Wait until a file and its name are on the disk."""
    for each in (path, path.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def fingerprints() -> dict[str, list[str]]:
    """Return the keys without which a database of this site is of little use, by the names of their settings."""
    keys: tuple[str, ...] = current_app.config["FIELD_KEYS"]
    return {
        "FISHER_FIELD_KEYS": [plain_hash(f"backup {key}")[:16] for key in keys],
        "FISHER_SECRET_KEY": [keyed_hash("backup")[:16]],
    }


def missing_keys(manifest: Manifest) -> list[str]:
    """Return a line for each setting of this site that lacks a key of the backup."""
    here = fingerprints()
    return [
        f"{name} of this site is without {len(lost)} of the {len(keys)} of the backup: {MEANS[name]}"
        for name, keys in manifest.keys.items()
        if (lost := set(keys) - set(here.get(name, [])))
    ]


MEANS = {
    "FISHER_FIELD_KEYS": "addresses, waiting mails and second factors can not be read",
    "FISHER_SECRET_KEY": "readers have to log in again, and links in mails do not work",
}


def this_moment() -> str:
    """Return the time in UTC, as a part of a file name that sorts by time."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
