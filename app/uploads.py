"""Pages that take photos and files: a larger body than others, from readers who are logged in."""

from flask import Flask, current_app, request, session

PAGES = {"web.bring_books"}
PARTS_IN_MEMORY = 4_000_000
"""Bytes of the text fields of such a page; files are kept on disk until the request ends."""


def init_app(app: Flask) -> None:
    """Raise the limit before the body is read, which the check of the token does."""
    app.before_request(_let_in)


def _let_in() -> None:
    if request.endpoint in PAGES and "_user_id" in session:
        request.max_content_length = current_app.config["MAX_UPLOAD_LENGTH"]
        request.max_form_memory_size = PARTS_IN_MEMORY
