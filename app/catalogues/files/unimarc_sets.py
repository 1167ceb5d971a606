"""Cyrillic and Greek of UNIMARC records: ISO 5427 with its extension, and ISO 5428.

Source: UNIMARC Manual, field 100 $a 26-33 and appendix J. MARC-8 has the same sets, so that their tables are pymarc's.
"""

import unicodedata
from functools import partial

from pymarc.marc8_mapping import CODESETS

# Cyrillic has columns 4 to 7 only; the rest is ASCII's.
CYRILLIC = {code: sign for code, sign in CODESETS[0x4E].items() if code >= 0x40}
CYRILLIC_EXTENSION, GREEK = CODESETS[0x51], CODESETS[0x53]
_SHIFT, _SHIFT_BY_ESCAPE = 0x8E, b"\x1bN"  # the next sign is out of the extension


def decode(data: bytes, letters: dict[int, tuple[int, int]]) -> str:
    """Return the text whose bytes from 0xA1 on are of this set; accents stand before their letters.

    :raises UnicodeDecodeError: the set has no such sign.
    """
    data = data.replace(_SHIFT_BY_ESCAPE, bytes([_SHIFT]))
    text, marks, is_shifted = "", "", False
    for at, byte in enumerate(data):
        if byte == _SHIFT:
            is_shifted = True
            continue
        if is_shifted:
            found = CYRILLIC_EXTENSION.get(byte | 0x80)
        else:
            found = letters.get(byte & 0x7F) if byte & 0x80 else (byte, 0)
        if found is None:
            raise UnicodeDecodeError("unimarc", data, at, at + 1, "the set has no such sign")
        is_shifted = False
        if found[1]:
            marks += chr(found[0])
        else:
            text += chr(found[0]) + marks
            marks = ""
    return unicodedata.normalize("NFC", text + marks)


cyrillic, greek = partial(decode, letters=CYRILLIC), partial(decode, letters=GREEK)
