"""Static files: minified and compressed at start, and served at URLs that change with their content."""

import gzip
import hashlib
import re
import secrets
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import brotli
import rcssmin
import rjsmin
from flask import Flask
from whitenoise import WhiteNoise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

EXTENSION = "static_files"
"""In `app.extensions`: the built name of each file by its own, such as `style.1f0c63a0b2d4.css`."""
SOURCE = Path(__file__).parent / "static"
BUILT = re.compile(r"(/static/.+)\.[0-9a-f]{12}(\.\w+)$")
MINIFY = {".css": rcssmin.cssmin, ".js": rjsmin.jsmin}
TEXTS = {".css", ".js", ".svg"}


def init_app(app: Flask) -> None:
    """Build the files into `STATIC_PATH` and serve them, whatever the server."""
    folder = Path(app.config["STATIC_PATH"])
    app.extensions[EXTENSION] = names = _build(folder)
    app.wsgi_app = _Server(app.wsgi_app, [folder / name for name in names.values()])  # type: ignore[method-assign]


class _Server(WhiteNoise):  # type: ignore[misc]  # carries no types
    """Serves the built files; the URL of a file that another release has built leads to the file of this one.

    Such a URL is asked for while releases change: pages of one are still open, or other machines have the other.
    """

    FOREVER = 31_536_000

    def __init__(self, application: Any, files: list[Path]) -> None:
        super().__init__(application, allow_all_origins=False)
        for file in files:
            self.add_file_to_dictionary(f"/static/{file.name}", str(file))

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        path = environ.get("PATH_INFO", "")
        if path not in self.files and (name := BUILT.match(path)):
            environ["PATH_INFO"] = name[1] + name[2]
        served: Iterable[bytes] = super().__call__(environ, start_response)
        return served

    def immutable_file_test(self, _path: str, _url: str) -> bool:
        """Return that none of these files ever changes."""
        return True


@cache
def _build(folder: Path) -> dict[str, str]:
    """Write what the folder lacks; processes that start at the same time write the same files."""
    names = {}
    for source in sorted(SOURCE.iterdir()):
        content = MINIFY.get(source.suffix, bytes)(source.read_bytes())
        names[source.name] = f"{source.stem}.{hashlib.sha256(content).hexdigest()[:12]}{source.suffix}"
        built = folder / names[source.name]
        if built.exists():
            continue
        if source.suffix in TEXTS:
            _write(built.with_name(f"{built.name}.gz"), gzip.compress(content, mtime=0))
            _write(built.with_name(f"{built.name}.br"), brotli.compress(content))
        _write(built, content)
    return names


def _write(path: Path, content: bytes) -> None:
    """Write a file that nobody ever sees half."""
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    part.write_bytes(content)
    part.replace(path)
