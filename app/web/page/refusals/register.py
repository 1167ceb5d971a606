"""The one register of refusals: what a reader is told about each."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from app.rules.refusal import Refusal


class Words(NamedTuple):
    """The sentence that says no, and the one that says what to do next, if there is one."""

    sentence: str
    advice: str = ""


R = TypeVar("R", bound=Refusal)
REGISTER: dict[type[Refusal], Callable[[Any], Words]] = {}


def says(refusal: type[R]) -> Callable[[Callable[[R], Words]], Callable[[R], Words]]:
    """Mark the function that finds the words for a kind of refusal."""

    def register(words: Callable[[R], Words]) -> Callable[[R], Words]:
        REGISTER[refusal] = words
        return words

    return register


def says_always(refusal: type[Refusal], sentence: Any, advice: Any = "") -> None:
    """Register lazy texts as the words for a kind of refusal that has no facts."""
    REGISTER[refusal] = lambda _refusal: Words(str(sentence), str(advice))


def words_of(refusal: Refusal) -> Words:
    """Return what to tell a reader.

    :raises KeyError: a refusal that nobody has written words for.
    """
    return REGISTER[type(refusal)](refusal)
