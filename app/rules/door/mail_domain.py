"""The domains of e-mail addresses, by which registrations are counted."""

SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})
"""Labels below a country under which anybody has a name, as in `ox.ac.uk` or `pku.edu.cn`."""


def registered_domain(email: str) -> str:
    """Return the part of an address's domain that somebody has registered: `b.example.org` belongs to `example.org`."""
    labels = email.rpartition("@")[2].casefold().strip(".").split(".")
    is_under_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3 if is_under_country else -2 :])
