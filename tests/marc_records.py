"""MARC records built by hand, because pymarc only writes UTF-8."""

from collections.abc import Callable

Fields = dict[str, list[tuple[str, str]]]

LAMP: Fields = {
    "020": [("a", "9780439023481")],
    "100": [("a", "Example, René.")],
    "245": [("a", "La clé du marais /"), ("c", "René Example.")],
}
LAMP_UNIMARC: Fields = {
    "010": [("a", "9780439023481")],
    "200": [("a", "La clé du marais"), ("f", "René Exemple")],
}


def laid_out(fields: Fields, encode: Callable[[str], bytes], leader_09: bytes = b" ") -> bytes:
    """Return the record in ISO 2709; letters after the tag in a key allow a tag to occur twice."""
    directory, body = b"", b""
    for tag, subfields in fields.items():
        parts = b"".join(b"\x1f" + code.encode() + encode(text) for code, text in subfields)
        data = b"1 " + parts + b"\x1e"
        directory += f"{tag[:3]}{len(data):04}{len(body):05}".encode()
        body += data
    base = 24 + len(directory) + 1
    leader = f"{base + len(body) + 1:05}nam ".encode() + leader_09 + f"22{base:05}   4500".encode()
    return leader + directory + b"\x1e" + body + b"\x1d"
