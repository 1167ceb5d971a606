"""The register of refusals: the words that a reader sees for each."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from app.rules.refusal import Refusal


class Words(NamedTuple):
    """The sentence that refuses, and possibly one with advice."""

    sentence: str
    advice: str = ""


R = TypeVar("R", bound=Refusal)
REGISTER: dict[type[Refusal], Callable[[Any], Words]] = {}


def says(refusal: type[R]) -> Callable[[Callable[[R], Words]], Callable[[R], Words]]:
    """Register the function that chooses the words for a kind of refusal."""

    def register(words: Callable[[R], Words]) -> Callable[[R], Words]:
        REGISTER[refusal] = words
        return words

    return register


def says_always(refusal: type[Refusal], sentence: Any, advice: Any = "") -> None:
    """Register lazy texts as the words for a kind of refusal that has no facts."""
    REGISTER[refusal] = lambda _refusal: Words(str(sentence), str(advice))


def words_of(refusal: Refusal) -> Words:
    """Return the words for a refusal.

    :raises KeyError: a refusal without registered words.
    """
    return REGISTER[type(refusal)](refusal)
