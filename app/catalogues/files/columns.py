"""The columns of a table of books, found by the names that programs and people give them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

# Of each field its names in the order in which they are believed: those of programs (Goodreads, StoryGraph,
# LibraryThing, BookWyrm, Calibre, Openreads, NeoDB, tables of Kaggle), then Chinese, German, French, Spanish, Russian.
# Signs and case do not count.
USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "isbn": (
        "isbn13", "isbn 13", "isbn", "isbn10", "isbn 10", "isbns", "isbn uid", "ean", "ean13", "ean isbn13",
        "isbn number", "isbn no", "book isbn", "isbn issn", "isbn号", "isbn编号", "isbn码", "isbn 书号", "书号",
        "國際標準書號", "国际标准书号", "isbn nummer", "numéro isbn", "número isbn", "код isbn", "isbn код",
        "identifiers", "info", "links",
    ),
    "title": (
        "title", "book title", "booktitle", "name", "book name", "bookname",
        "work title", "书名", "書名", "标题", "標題", "题名", "名称", "图书名称", "titel", "buchtitel", "titre",
        "título", "titulo", "название", "заглавие", "название книги",
    ),
    "subtitle": (
        "subtitle", "sub title", "副标题", "副標題", "副题名", "untertitel", "sous titre", "subtítulo",
        "подзаголовок",
    ),
    "authors": (
        "authors", "author", "author s", "author text", "author name", "author names", "authors names",
        "book author", "bookauthor", "primary author", "creator", "creators", "writer", "writers", "作者", "著者",
        "作者名", "autor", "autoren", "autor in", "verfasser", "verfasserin", "auteur", "auteurs", "auteur s",
        "autores", "автор", "авторы",
    ),
    "more_authors": (
        "additional authors", "secondary author", "secondary authors", "other authors", "co authors", "其他作者",
    ),
    "contributors": ("contributors", "contributions", "secondary author roles and names"),
    "translators": (
        "translators", "translator", "translator s", "translated by", "译者", "譯者", "翻译", "翻译者",
        "übersetzer", "übersetzung", "übersetzerin", "traducteur", "traducteurs", "traductrice", "traductor",
        "traductores", "traductora", "переводчик", "переводчики", "перевод",
    ),
    "publisher": (
        "publisher", "publishers", "publisher name", "publisher text", "publishing house", "press", "出版社",
        "出版者", "出版方", "出版商", "verlag", "éditeur", "editeur", "maison d édition", "editorial",
        "издательство",
    ),
    "pubdate": (
        "pubdate", "pub date", "publication date", "publicationdate", "published", "published date",
        "publish date", "publisheddate", "date published", "year published", "publication year",
        "publicationyear", "published year", "year of publication", "pub year", "pubyear", "publish year",
        "publishing year", "edition date", "date", "year", "出版年", "出版日期",
        "出版时间", "出版時間", "出版年份", "出版年月", "erscheinungsjahr", "erscheinungsdatum", "jahr",
        "date de publication", "année", "année de publication", "date de parution", "fecha de publicación", "año",
        "año de publicación", "год", "год издания", "дата издания",
    ),
    "pages": (
        "pages", "page count", "pagecount", "num pages", "number of pages", "numberofpages", "no of pages",
        "pagination", "page number", "页数", "頁數", "总页数", "seiten", "seitenzahl", "seitenanzahl",
        "nombre de pages", "nb pages", "páginas", "paginas", "número de páginas", "страниц", "страницы",
        "количество страниц", "число страниц",
    ),
    "price": (
        "price", "list price", "listprice", "purchase price", "定价", "價格", "定價", "价格", "preis", "prix",
        "precio", "цена",
    ),
    "binding": (
        "binding", "format", "book format", "physical format", "media", "cover type", "装帧", "裝幀", "装订",
        "einband", "bindung", "reliure", "encuadernación", "переплёт", "переплет",
    ),
    "language": (
        "language", "languages", "language code", "lang", "语言", "語言", "语种", "sprache", "langue", "idioma",
        "язык",
    ),
    "summary": (
        "summary", "description", "book description", "synopsis", "abstract", "comments", "overview", "简介",
        "简 介", "內容簡介", "内容简介", "图书简介", "摘要", "beschreibung", "inhalt", "zusammenfassung",
        "résumé", "descripción", "resumen", "sinopsis", "описание", "аннотация",
    ),
    "original_title": (
        "original title", "originaltitle", "title original", "work original title", "原作名", "原书名", "原書名",
        "原名", "原著名", "originaltitel", "titre original", "título original", "оригинальное название",
        "название оригинала",
    ),
    "series": (
        "series", "series name", "series title", "bookseries", "book series", "丛书", "叢書", "丛书名", "系列", "书系",
        "reihe", "buchreihe", "série", "serie", "colección", "серия", "цикл",
    ),
    "series_number": (
        "series number", "series index", "series position", "series no", "number in series", "volume in series",
        "丛书编号", "系列编号", "bandnummer", "band", "numéro dans la série", "número en la serie", "номер в серии",
    ),
    "subjects": (
        "subjects", "subject", "genres", "genre", "categories", "category", "tags", "topics", "keywords", "主题",
        "主題", "分类", "分類", "类别", "类型", "标签", "標籤", "常用标签", "schlagwörter", "schlagworte", "themen",
        "sujets", "catégories", "étiquettes", "materias", "temas", "géneros", "categorías", "etiquetas", "жанр",
        "жанры", "теги", "темы",
    ),
    "work_key": ("work key", "openlibrary work", "open library work", "openlibrary work key"),
    "first_year": (
        "first year", "original publication year", "original publication date", "original year", "first published",
        "first published date", "first published year", "first publish date", "first publish year",
        "first publication year", "year first published", "首版年份", "初版年", "初版年份", "首次出版",
        "erstveröffentlichung", "ersterscheinung", "première publication", "primera publicación", "первая публикация",
    ),
    "modified": ("modified", "last modified"),
}  # fmt: skip
FIELDS = tuple(USUAL_NAMES)
_SIGNS = re.compile(r"[\W_]+")


class Columns(NamedTuple):
    """Which columns of a header are read as which field (positions, the most believed first), and which are not."""

    header: tuple[str, ...]
    used: dict[str, tuple[int, ...]]

    @property
    def unused(self) -> list[str]:
        """The names of the columns that are not read."""
        used = {at for places in self.used.values() for at in places}
        return [name for at, name in enumerate(self.header) if at not in used and name]

    @property
    def is_complete(self) -> bool:
        """Return whether the two columns are there without which there is no book."""
        return "isbn" in self.used and "title" in self.used


def plain_name(name: str) -> str:
    """Return the name of a column without case, signs and blanks: `Book-Title` and `book title` are one."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", name).casefold())


_FIELD_OF = {plain_name(name): (field, rank) for field, names in USUAL_NAMES.items() for rank, name in enumerate(names)}


def find_columns(header: Sequence[str], chosen: Mapping[str, str] | None = None) -> Columns:
    """Return the columns by their usual names; `chosen` names a column of its own for a field.

    :raises KeyError: a chosen column is not in the header.
    """
    names = tuple(name.strip() for name in header)
    places: dict[str, list[tuple[int, int]]] = {}
    for at, name in enumerate(names):
        if found := _FIELD_OF.get(plain_name(name)):
            places.setdefault(found[0], []).append((found[1], at))
    used = {field: tuple(at for _, at in sorted(ranked)) for field, ranked in places.items()}
    for field, name in (chosen or {}).items():
        at = _place_of(name, names)
        used = {other: tuple(place for place in taken if place != at) for other, taken in used.items()}
        used = {other: taken for other, taken in used.items() if taken} | {field: (at,)}
    return Columns(names, used)


def _place_of(name: str, names: Sequence[str]) -> int:
    exact = [at for at, other in enumerate(names) if other == name.strip()]
    alike = [at for at, other in enumerate(names) if plain_name(other) == plain_name(name)]
    if not exact and not alike:
        raise KeyError(name)
    return (exact or alike)[0]
