"""The circle that an address names."""

from app.models.circle import Circle
from app.rules.circle.joining import Standing
from app.services.circle.access import get_shown
from app.services.errors import NotFound
from app.web.page.reader import reader, reader_id


def circle_at(slug: str) -> tuple[Circle, Standing]:
    """Return the circle, and how the client stands to it.

    :raises NotFound: there is none, or none of which the client may know; both look the same.
    """
    return get_shown(slug, reader_id())


def stewarded_circle_at(slug: str) -> Circle:
    """Return the circle of a reader who looks after it; raises `NotFound` for everybody else, members included."""
    circle, standing = own_circle_at(slug)
    if not standing.is_steward:
        raise NotFound()
    return circle


def own_circle_at(slug: str) -> tuple[Circle, Standing]:
    """Return the circle of a member who is logged in; raises `NotFound` for everybody else."""
    circle, standing = get_shown(slug, reader().id)
    if not standing.is_in:
        raise NotFound()
    return circle, standing
