"""ISO 5426, the extended Latin alphabet of UNIMARC: accents stand before their letters.

Source: ISO 5426:1983, as listed in the UNIMARC Manual, appendix J.
"""

import unicodedata

_MARKS = dict(
    zip(
        range(0xC0, 0xE0),
        (
            "\u0309\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0308\u030a\u0315\u0312\u030b\u031b\u030c"
            "\u0327\u031c\u0326\u0328\u0325\u032e\u0323\u0324\u0332\u0333\u0329\u032d\u032d\ufe20\ufe21\u0360"
        ),
        strict=True,
    )
)
_LETTERS = {
    0xA1: "¡", 0xA2: "„", 0xA3: "£", 0xA4: "$", 0xA5: "¥", 0xA6: "†", 0xA7: "§", 0xA8: "′", 0xA9: "‘", 0xAA: "“",
    0xAB: "«", 0xAC: "♭", 0xAD: "©", 0xAE: "℗", 0xAF: "®", 0xB0: "ʻ", 0xB1: "ʼ", 0xB2: "‚", 0xB6: "‡", 0xB7: "·",
    0xB8: "″", 0xB9: "’", 0xBA: "”", 0xBB: "»", 0xBC: "♯", 0xBD: "ʹ", 0xBE: "ʺ", 0xBF: "¿", 0xE1: "Æ", 0xE2: "Đ",
    0xE6: "Ĳ", 0xE8: "Ł", 0xE9: "Ø", 0xEA: "Œ", 0xEC: "Þ", 0xF1: "æ", 0xF2: "đ", 0xF3: "ð", 0xF5: "ı", 0xF6: "ĳ",
    0xF8: "ł", 0xF9: "ø", 0xFA: "œ", 0xFB: "ß", 0xFC: "þ", 0x88: "", 0x89: "",
}  # fmt: skip


def decode(data: bytes) -> str:
    """Return the text; what the alphabet does not have becomes a replacement character."""
    text, marks = "", ""
    for byte in data:
        if byte in _MARKS:
            marks += _MARKS[byte]
            continue
        text += (chr(byte) if byte < 0x80 else _LETTERS.get(byte, "\ufffd")) + marks
        marks = ""
    return unicodedata.normalize("NFC", text + marks)
