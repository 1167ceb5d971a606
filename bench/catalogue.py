"""A synthetic catalogue of any size, half Chinese and half English, the same in every run.

Words and authors are distributed as unevenly as in reality, publishers contain the usual common words, popularity has a
long tail. The first rows are the same whatever the size. Titles make no sense.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

_CHARACTERS = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家"
    "电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看"
    "原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路"
    "级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处理世车史书海城林梦花风云春秋夜星河红楼孤独黑暗森岛雪北南东"
)
_TRADITIONAL = "國學書會時來對發經說電從業開還關數點體東風雲夢樓獨島"
_SYLLABLES = re.findall(
    r"\w+",
    "an ar ba bel ber bor ca cor da del den der do dra el en er fa fin for ga gen gra hal har hol in is "
    "jo ka kel la len lin lo ma mar men mi mor na nel no or pa per ra ren ri ro sa sen ser so sta ta ten "
    "ter tho ti tor tra va ven ver vi wal wil win yan ",
)
_COMMON = ["the", "of", "and", "a", "in", "to", "for", "on", "with", "from"]
_PRESSES = ["出版社", "文艺出版社", "人民出版社", "教育出版社", "大学出版社"]
_HOUSES = ["Press", "Publishing House", "Books", "University Press", "& Sons"]
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗单曾"
_POPULAR_ONE_IN = 25


@dataclass(frozen=True)
class MadeBook:
    """A book of the catalogue and its popularity."""

    isbn: str
    title: str
    subtitle: str
    authors: list[str]
    publisher: str
    language: str
    popularity: int
    has_gift: bool

    def as_row(self) -> dict[str, Any]:
        """Return the values for the book table."""
        return {
            "isbn": self.isbn,
            "title": self.title,
            "subtitle": self.subtitle,
            "authors": self.authors,
            "translators": [],
            "publisher": self.publisher,
            "language": self.language,
        }


class _Uneven:
    """Chooses from a list, the first items much more often than the last."""

    def __init__(self, things: list[str], steepness: float = 0.9) -> None:
        self._things = things
        self._sums = list(accumulate(1 / (rank + 2) ** steepness for rank in range(len(things))))

    def draw(self, random_: random.Random, count: int) -> list[str]:
        return random_.choices(self._things, cum_weights=self._sums, k=count)


class Catalogue:
    """Makes books one after another."""

    def __init__(self, seed: int = 20_26) -> None:
        self._random = random.Random(seed)
        self._han = _Uneven(self._han_words(40_000))
        self._latin = _Uneven(_COMMON + self._latin_words(60_000))
        self._writers = _Uneven([self._han_name() for _ in range(50_000)], 0.6)
        self._authors = _Uneven([self._latin_name() for _ in range(50_000)], 0.6)
        self._presses = ["".join(self._random.choices(_CHARACTERS, k=2)) for _ in range(900)]
        self._houses = [self._latin_word().title() for _ in range(900)]

    def _han_words(self, count: int) -> list[str]:
        lengths = self._random.choices((1, 2, 3, 4), (5, 70, 17, 8), k=count)
        return ["".join(self._random.choices(_CHARACTERS, k=length)) for length in lengths]

    def _latin_word(self) -> str:
        return "".join(self._random.choices(_SYLLABLES, k=self._random.randint(2, 4)))

    def _latin_words(self, count: int) -> list[str]:
        return [self._latin_word() for _ in range(count)]

    def _han_name(self) -> str:
        return self._random.choice(_SURNAMES) + "".join(
            self._random.choices(_CHARACTERS, k=self._random.choice((1, 2, 2)))
        )

    def _latin_name(self) -> str:
        return f"{self._latin_word().title()} {self._latin_word().title()}"

    def books(self, count: int) -> Iterator[MadeBook]:
        """Yield that many books."""
        for number in range(count):
            yield self._han_book(number) if number % 2 else self._latin_book(number)

    def _han_book(self, number: int) -> MadeBook:
        words = self._han.draw(self._random, self._random.choice((1, 2, 2, 3, 3, 4, 5)))
        title = "".join(words)
        if self._random.random() < 0.12:
            title += self._random.choice(_TRADITIONAL) + self._random.choice(_TRADITIONAL)
        subtitle = "".join(self._han.draw(self._random, 3)) if self._random.random() < 0.1 else ""
        press = self._random.choice(self._presses) + self._random.choice(_PRESSES)
        return self._book(f"9787{number:08d}", title, subtitle, self._writers.draw(self._random, 1), press, "zh")

    def _latin_book(self, number: int) -> MadeBook:
        words = self._latin.draw(self._random, self._random.choice((1, 2, 3, 3, 4, 5, 6)))
        title = " ".join(words).capitalize()
        if self._random.random() < 0.01:
            title = self._random.choice(("C++ ", "C# ", "É")) + title
        house = f"{self._random.choice(self._houses)} {self._random.choice(_HOUSES)}"
        return self._book(f"9780{number:08d}", title, "", self._authors.draw(self._random, 1), house, "en")

    def _book(
        self, body: str, title: str, subtitle: str, authors: list[str], publisher: str, language: str
    ) -> MadeBook:
        weighted = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(body))
        popularity = int(self._random.paretovariate(0.8)) if self._random.randrange(_POPULAR_ONE_IN) == 0 else 0
        return MadeBook(
            isbn=body + str(-weighted % 10),
            title=title,
            subtitle=subtitle,
            authors=authors,
            publisher=publisher,
            language=language,
            popularity=min(popularity, 1_000_000),
            has_gift=self._random.random() < 0.04,
        )
