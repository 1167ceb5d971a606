"""Which editions of a work a wish is for."""

from enum import StrEnum
from typing import Protocol

from app.rules.book.work_key import names_an_edition


class WishScope(StrEnum):
    """The editions that grant a wish."""

    THIS_EDITION = "this_edition"
    THIS_LANGUAGE = "this_language"
    ANY_EDITION = "any_edition"


class InWork(Protocol):
    """An edition as one of its work; `language` is empty when it is not known."""

    @property
    def id(self) -> int:
        """The id of the book."""

    @property
    def work_id(self) -> int:
        """The id of the work."""

    @property
    def language(self) -> str:
        """Its code, such as `zh`."""


def default_scope(title: str, subtitle: str) -> WishScope:
    """Return what most readers mean by a title: an edition where it names one, such as `第7版`."""
    return WishScope.THIS_EDITION if names_an_edition(title, subtitle) else WishScope.THIS_LANGUAGE


def is_covered(scope: str, wished: InWork, edition: InWork) -> bool:
    """Return whether an edition grants a wish; a language that is not known is taken for the right one."""
    if wished.id == edition.id:
        return True
    if wished.work_id != edition.work_id or scope == WishScope.THIS_EDITION:
        return False
    languages = {wished.language, edition.language}
    return scope == WishScope.ANY_EDITION or "" in languages or len(languages) == 1
