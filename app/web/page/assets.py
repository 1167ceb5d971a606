"""URLs of static files."""

from flask import current_app, request

from app.static_files import EXTENSION


def asset(filename: str) -> str:
    """Return the URL of a static file, which changes with its content."""
    return f"{request.script_root}/static/{current_app.extensions[EXTENSION][filename]}"
