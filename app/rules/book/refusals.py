"""The refusals about works."""

from __future__ import annotations

from dataclasses import dataclass

from app.rules.refusal import Refusal


@dataclass(eq=False)
class UnknownBook(Refusal):
    """No book of the site has this number."""

    number: str


@dataclass(eq=False)
class OneWorkAlready(Refusal):
    """The two books are editions of one work."""


@dataclass(eq=False)
class NothingToSplit(Refusal):
    """None, or all, of the editions of a work were chosen."""


@dataclass(eq=False)
class UndoneAlready(Refusal):
    """The act has been undone before."""
