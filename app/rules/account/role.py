"""What a reader may do beyond reading and exchanging."""

from enum import StrEnum


class Role(StrEnum):
    """The roles, lowest first; each includes the rights of those before it."""

    READER = "reader"
    MODERATOR = "moderator"
    OPERATOR = "operator"


RANKS: dict[str, int] = {role: rank for rank, role in enumerate(Role)}


def may_act_as(role: str, needed: Role) -> bool:
    """Return whether `role` includes the rights of `needed`; an unknown role counts as that of a reader."""
    return RANKS.get(role, RANKS[Role.READER]) >= RANKS[needed]
