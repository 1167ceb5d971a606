"""What a reader may do beyond reading and exchanging."""

from enum import StrEnum


class Role(StrEnum):
    """The roles, lowest first; each may do what those before it may."""

    READER = "reader"
    MODERATOR = "moderator"
    OPERATOR = "operator"


RANKS: dict[str, int] = {role: rank for rank, role in enumerate(Role)}


def may_act_as(role: str, needed: Role) -> bool:
    """Tell whether a reader with `role` may do what takes `needed`; a role that is not known counts as a reader's."""
    return RANKS.get(role, RANKS[Role.READER]) >= RANKS[needed]
