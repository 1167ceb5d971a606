"""How near two readers are to each other, in words: told from the areas that both have chosen, and never finer."""

from enum import StrEnum

PARTS = "/"
CITY_DEPTH = 3


class Nearness(StrEnum):
    """The smallest area that two readers share, from the smallest kind to the largest."""

    DISTRICT = "district"
    CITY = "city"
    PROVINCE = "province"
    COUNTRY = "country"


_BY_DEPTH = dict(enumerate(reversed(Nearness), 1))


def find_nearness(mine: str | None, other: str | None) -> Nearness | None:
    """Return the smallest kind of area in which both paths lie; None if either is not known, or they share none."""
    return next((nearness for nearness, path in list_around(mine) if is_within(other, path)), None)


def list_around(area: str | None) -> list[tuple[Nearness, str]]:
    """Return an area and those around it, by their paths and what they are, the smallest first."""
    parts = area.split(PARTS) if area else []
    return [(_BY_DEPTH[depth], PARTS.join(parts[:depth])) for depth in range(min(len(parts), len(Nearness)), 0, -1)]


def is_within(area: str | None, path: str) -> bool:
    """Return whether an area is the one at the path or lies in it."""
    return area is not None and (area == path or area.startswith(path + PARTS))


def near(area: str) -> str:
    """Return the path of what is near for a reader: the city, or the larger area that the reader has chosen."""
    return PARTS.join(area.split(PARTS)[:CITY_DEPTH])
