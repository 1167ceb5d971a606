"""The addresses of a reader's own feeds."""

from app.models.user import User
from app.services.feed.address import find_token
from app.site_links import site_link


def own_feed_links(user: User) -> dict[str, str] | None:
    """Return the secret addresses of a reader's feeds; None for a reader who has none."""
    token = find_token(user)
    if token is None:
        return None
    return {"atom": site_link("web.own_feed", token=token), "calendar": site_link("web.own_calendar", token=token)}
