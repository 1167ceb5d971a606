"""URLs of static files."""

from flask import current_app, request

from app.static_files import EXTENSION, SOURCE


def asset(filename: str) -> str:
    """Return the URL of a static file, which changes with its content; with debugging on, of the file as it is now."""
    if current_app.debug:
        return f"{request.script_root}/static/{filename}?v={(SOURCE / filename).stat().st_mtime_ns}"
    return f"{request.script_root}/static/{current_app.extensions[EXTENSION][filename]}"
