"""URLs of static files."""

import hashlib
from functools import cache as remember
from pathlib import Path

from flask import request

STATIC = Path(__file__).parents[2] / "static"


@remember
def _versioned(filename: str) -> str:
    return f"/static/{filename}?v={hashlib.sha256((STATIC / filename).read_bytes()).hexdigest()[:12]}"


def asset(filename: str) -> str:
    """Return the URL of a static file, which changes with its content."""
    return request.script_root + _versioned(filename)
