"""The version of the rules by which texts become tokens, as it is stored in an index file."""

import unicodedata
from functools import cache
from importlib.metadata import version

RULES = 3
"""Increment this whenever texts are normalised or tokenised differently."""


@cache
def normaliser_version() -> str:
    """Return the version that is stored in an index file; a file with another one needs a rebuild."""
    return f"{RULES}/opencc-{version('opencc')}/pypinyin-{version('pypinyin')}/unicode-{unicodedata.unidata_version}"
