"""What a reader sees on the page of a book: the copies of its work and the wishes for it, and what can be done."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from app.rules.book.local_number import number_of
from app.rules.exchange.nearness import Nearness
from app.rules.exchange.wish_scope import InWork, WishScope, default_scope, is_covered
from app.rules.refusal import Refusal


class ListedBook(InWork, Protocol):
    """The book of the page."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def subtitle(self) -> str:
        """Its subtitle, or an empty text."""


class ListedEdition(NamedTuple):
    """The edition of a copy or a wish."""

    id: int
    work_id: int
    isbn: str | None
    title: str
    publisher: str
    year: int | None
    language: str
    binding: str

    @property
    def number(self) -> str:
        """What names the edition in addresses."""
        return number_of(self.isbn, self.id)


@dataclass(frozen=True)
class Listing:
    """A copy of an edition of the work, or a wish for one. Times are in Unix seconds."""

    id: int
    user_id: int
    nickname: str
    time: int
    state: str
    condition: str
    note: str
    edition: ListedEdition
    scope: str
    """Which editions grant the wish; empty for a copy."""
    refusal: Refusal | None
    """Why the visitor cannot ask for this copy (or any: `BookListings.refusal`), or cannot grant this wish."""
    kept_until: int | None = None
    """Until when the copy is on offer to a waiting reader; only for that reader, and for the giver of the copy."""
    nearness: Nearness | None = None
    """How near the giver of another's copy is to the visitor, if both have chosen an area."""
    ways: str = ""
    """How a copy is handed over: words of `Way`, with blanks between them."""
    meeting_words: str = ""
    """When and where it suits the giver of a copy to meet."""
    places: str = ""
    """The names of the meeting places at which the giver leaves a copy."""
    circles: str = ""
    """The names of the visitor's circles for whose members alone a copy is; empty if it is for everybody."""
    is_free: bool = False
    """A copy costs the visitor no bean."""
    lend_days: int | None = None
    """For how many days a copy is lent; None if it is given for good."""
    lent_until: int | None = None
    """Until when the visitor's own copy is lent out."""
    away_until: int | None = None
    """Until when the giver of a copy is away."""
    is_mine_to_grant: bool = False
    """The visitor has a copy that would grant this wish and is on offer to nobody."""


@dataclass(frozen=True)
class BookListings:
    """The copies of and wishes for all editions of the work of a book, with those of the visitor."""

    book: ListedBook
    gifts: list[Listing]
    gift_count: int
    wishes: list[Listing]
    wish_count: int
    reader_id: int | None
    edition_count: int = 1
    """How many editions the work has."""
    refusal: Refusal | None = None
    """Why the visitor may not ask for any book that costs a bean at present."""
    free_refusal: Refusal | None = None
    """Why not even for one that costs none."""

    @property
    def own_gifts(self) -> list[Listing]:
        """The visitor's own copies."""
        return [gift for gift in self.gifts if gift.user_id == self.reader_id]

    @property
    def own_wishes(self) -> list[Listing]:
        """The visitor's own wishes for the work."""
        return [wish for wish in self.wishes if wish.user_id == self.reader_id]

    @property
    def gives(self) -> bool:
        """Return whether the visitor lists a copy that would grant a wish for the book."""
        scope = default_scope(self.book.title, self.book.subtitle)
        return any(is_covered(scope, self.book, gift.edition) for gift in self.own_gifts)

    @property
    def has_others_gifts(self) -> bool:
        """Return whether another reader lists a copy."""
        return len(self.own_gifts) < len(self.gifts)

    @property
    def can_ask(self) -> bool:
        """Return whether the visitor may ask for a listed copy, at least after logging in."""
        others = (gift for gift in self.gifts if gift.user_id != self.reader_id)
        return any(self.may_ask(gift) for gift in others)

    @property
    def shown_refusal(self) -> Refusal | None:
        """Why the visitor may not ask for some of the copies of others, if it is not for what is said of each."""
        others = (gift for gift in self.gifts if gift.user_id != self.reader_id)
        return next((why for gift in others if (why := self._own_refusal(gift)) is not None), None)

    def may_ask(self, gift: Listing) -> bool:
        """Return whether the visitor may ask for a copy of another reader, at least after logging in."""
        return gift.refusal is None and self._own_refusal(gift) is None

    def _own_refusal(self, gift: Listing) -> Refusal | None:
        return self.free_refusal if gift.is_free else self.refusal

    @property
    def waiting_since(self) -> int | None:
        """Since when the first reader has been waiting, in Unix seconds."""
        return min((wish.time for wish in self.wishes), default=None)

    @property
    def can_grant(self) -> bool:
        """Return whether the visitor has a copy for a wish that is on offer to nobody."""
        return any(wish.is_mine_to_grant for wish in self.wishes)

    @property
    def wishes_for_it(self) -> bool:
        """Return whether the visitor has a wish that a copy of the book grants."""
        return any(is_covered(wish.scope, wish.edition, self.book) for wish in self.own_wishes)

    @property
    def may_wish(self) -> bool:
        """Return whether the visitor, who is logged in, may wish for the book: `wish.wish_for_book` decides alike."""
        is_parted = default_scope(self.book.title, self.book.subtitle) == WishScope.THIS_EDITION
        parted = [wish.scope == WishScope.THIS_EDITION and not self.is_of_book(wish) for wish in self.own_wishes]
        return self.reader_id is not None and not self.gives and (is_parted and all(parted) if parted else True)

    def is_of_book(self, listing: Listing) -> bool:
        """Return whether a copy or a wish is of the very edition of the page."""
        return listing.edition.id == self.book.id

    def grants(self, wish: Listing) -> bool:
        """Return whether a copy of the very edition of the page would grant a wish."""
        return is_covered(wish.scope, wish.edition, self.book)
