"""What readers see of a site: where it is, its door and its texts."""

import os
from collections.abc import Iterator
from pathlib import Path

from flask import current_app

from app.i18n import find_missing_catalogues
from app.services.preview.fonts import find_typefaces
from app.services.site.doctor.finding import Health, Told
from app.services.site.texts import is_closed

CHINESE = {"simplified": "书", "traditional": "書"}
"""A letter of each script that titles are written in."""
INSTALL_FONTS = "install fonts with Chinese letters (on Debian `apt install fonts-noto-cjk`), or set FISHER_FONT_PATH"


def examine_settings() -> Iterator[Told]:
    """Tell whether this is a site for others, and its address."""
    settings = current_app.config
    if settings["ENVIRONMENT"] != "production":
        yield Health.ODD, f"{settings['ENVIRONMENT']}: secrets are public; FISHER_ENV=production is for others"
        return
    yield Health.WELL, f"production, {settings['SITE_URL']}"


def examine_door() -> Iterator[Told]:
    """Tell who can register, and whether machines can."""
    settings = current_app.config
    if settings["DOOR"] != "open":
        yield Health.WELL, f"FISHER_DOOR={settings['DOOR']}"
    elif settings["ENVIRONMENT"] == "production" and not settings["PROOF_BITS"]:
        yield Health.ODD, "everybody can register, machines too: FISHER_PROOF_BITS=16 makes browsers work for it"
    elif settings["ENVIRONMENT"] == "production" and settings["MAIL_BACKEND"] == "file":
        yield Health.ODD, "everybody can register, but nobody gets the mail that confirms the address"
    else:
        yield Health.WELL, "everybody can register"


def examine_texts() -> Iterator[Told]:
    """Tell whether texts are compiled, and readers know whom to write to."""
    settings = current_app.config
    if missing := find_missing_catalogues(current_app):
        yield (
            Health.ILL,
            f"not compiled, and pages in another language: {', '.join(missing)}; run `make install`",
        )
    if is_closed():
        yield Health.ODD, "the site is closed for maintenance"
    if settings["TEXTS_PATH"] and not os.access(settings["TEXTS_PATH"], os.R_OK | os.X_OK):
        yield Health.ILL, f"FISHER_TEXTS_PATH: {settings['TEXTS_PATH']} can not be read"
    elif not settings["CONTACT"]:
        yield Health.ODD, "readers are not told how to reach you: FISHER_CONTACT"
    else:
        yield Health.WELL, f"readers reach you at {settings['CONTACT']}"


def examine_fonts() -> Iterator[Told]:
    """Tell whether there are Chinese letters for the pictures that chats show with a link."""
    faces = find_typefaces(current_app.config["FONT_PATH"], is_bold=True)
    found = {script: next((face for face in faces if face.has(letter)), None) for script, letter in CHINESE.items()}
    if lacking := [script for script, face in found.items() if face is None]:
        yield Health.ODD, f"pictures of links go without {' and '.join(lacking)} Chinese: {INSTALL_FONTS}"
        return
    yield Health.WELL, ", ".join({Path(face.path).name: None for face in found.values() if face})
