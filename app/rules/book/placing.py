"""Who decided to which work a book belongs."""

from enum import StrEnum


class Placing(StrEnum):
    """What put a book into its work; a person's decision wins over the rules for good."""

    RULES = "rules"
    JOINED = "joined"
    SPLIT = "split"
