"""What readers type around a title: brackets, subtitles, initials, and words such as pdf, novel, 小说 or 有没有."""

import re
from collections.abc import Iterator

from app.rules.book.normalise import normalise

_BRACKETS = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕)")
_SUBTITLE = re.compile(r"\s*(?::|——|\s[-–—]\s).*$")
_INITIALS = re.compile(r"\b[b-hj-z]\b\.?")
_NOISE = re.compile(
    r"\b(?:pdf|e-?books?|epub|mobi|azw3?|txt|djvu|kindle|audio ?books?|free|downloads?|read|online|second[- ]hand|used|"
    r"buy|cheap|looking for|paperbacks?|hard(?:cover|back)s?|books?|novels?|series|saga|trilogy|called|titled|author|"
    r"written|edition|volumes?|vols?|part|no)\b\.?"
)
_HAN_NOISE = re.compile(
    r"^\s*(?:有没有|请问|求购?|寻找?|找|想[看买读]|推荐|书名)(?:一本|叫)?|"
    r"(?:\s|的?(?:这本书|那本书|电子书|小说|全集|全套|套装|全文|全本|在线阅读|在线|阅读|下载|免费|二手书?|精装本?|平装本?|"
    r"作者是谁|作者|豆瓣|英文版|中文版|原版|完整版|系列|丛书|书))+$"
)
_SPACES = re.compile(r"\s+")


def without_additions(text: str) -> Iterator[str]:
    """Return a text without its brackets, and without its subtitle."""
    folded = normalise(text)
    bare = _BRACKETS.sub("", folded)
    yield bare
    yield _SUBTITLE.sub("", bare)


def without_noise(text: str) -> Iterator[str]:
    """Return a text without the words that are seldom part of a title, and without initials."""
    folded = _BRACKETS.sub("", normalise(text))
    bare = _HAN_NOISE.sub("", _tidy(_NOISE.sub(" ", folded)))
    yield bare
    yield _tidy(_INITIALS.sub(" ", folded))
    yield _tidy(_INITIALS.sub(" ", bare))


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
