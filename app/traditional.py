"""Traditional Chinese as it is written in Taiwan, made from our own simplified texts; never from readers' words.

Run as a script it makes the compiled catalogue `zh_Hant` from the one of `zh`. It imports nothing of the site, because
that is done before the site can run.
"""

import re
from functools import cache, lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

TRADITIONAL, SIMPLIFIED = "zh_Hant", "zh"
CATALOGUES = Path(__file__).parent / "translations"
COMPILED = "LC_MESSAGES/messages.mo"
OURS = {
    # Words that OpenCC takes apart at the wrong place, or for others.
    "天后": "天後", "表格": "表格", "回音": "回音", "回复": "回覆", "复核": "覆核", "获准": "獲准", "准许": "准許",
    "类型": "類型", "审核": "審核", "查看": "查看", "搜索": "搜尋", "消息": "消息", "公布": "公布", "像素": "像素",
    # To end an account is another thing than to log out.
    "注销账号": "刪除帳號", "注销": "註銷", "退出登录": "登出", "到账": "入帳", "账": "帳", "台": "台",
    # Other words for the same thing.
    "邮箱地址": "電子郵件地址", "邮箱": "信箱", "举报": "檢舉", "拉黑": "封鎖", "域名": "網域", "站点": "網站",
    "条形码": "條碼", "二维码": "行動條碼", "扫码枪": "條碼掃描器", "摄像头": "鏡頭", "计算机": "電腦", "跟踪": "追蹤",
    "验证器应用": "驗證應用程式", "手机应用": "手機應用程式", "恢复码": "復原碼", "两步验证": "兩步驟驗證", "筐": "籃",
    "快捷短语": "常用短句", "运营者": "營運者", "不干胶纸": "自黏貼紙", "许可证": "授權條款", "网络地址": "網路位址",
    "主导航": "主導覽", "繁体字": "簡體字", "“": "「", "”": "」",
}  # fmt: skip
"""What is written otherwise than OpenCC would (`s2twp`: Taiwan's letters and words)."""
_OURS = re.compile("|".join(sorted(OURS, key=len, reverse=True)))
KEPT_IN_NAMES = "里采咸谷斗布占克于干岩台夫浚澄"
"""Letters that are the same in a traditional name of a place, though not in every word."""
_OTHERS_IN_NAMES = re.compile(f"[^{KEPT_IN_NAMES}]+")
_EXCEPTIONS_IN_NAMES = {"余干": "餘干", "腾冲": "騰衝"}
BETWEEN = " · "
"""What stands between the names of an area and of those around it."""


@cache
def _converter(config: str) -> Any:
    from opencc import OpenCC  # takes 50 ms: only for those who read it

    return OpenCC(config).convert


@lru_cache(maxsize=500)
def to_traditional(text: str) -> str:
    """Return a text of ours in Taiwan's letters and words; what is not Chinese in it is left as it is."""
    convert, done, at = _converter("s2twp"), [], 0
    for match in _OURS.finditer(text):
        done += [convert(text[at : match.start()]), OURS[match[0]]]
        at = match.end()
    return "".join([*done, convert(text[at:])])


@lru_cache(maxsize=5_000)
def area_to_traditional(name: str) -> str:
    """Return the name of an area as it is written in Taiwan: other names of countries, other letters of the rest."""
    country, *inside = name.split(BETWEEN)
    return BETWEEN.join([_countries().get(country) or _letters(country), *map(_letters, inside)])


def area_to_simplified(name: str) -> str:
    """Return the name of an area with the country's name as we store it; letters may still be traditional ones."""
    country, *inside = name.split(BETWEEN)
    return BETWEEN.join([_countries_back().get(country, country), *inside])


def _letters(name: str) -> str:
    convert = _converter("s2tw")
    for simplified, traditional in _EXCEPTIONS_IN_NAMES.items():
        name = name.replace(simplified, traditional)
    return _OTHERS_IN_NAMES.sub(lambda match: convert(match[0]), name)


@cache
def _countries() -> dict[str, str]:
    simplified, traditional = Locale(SIMPLIFIED).territories, Locale.parse(TRADITIONAL).territories
    return {name: traditional[code] for code, name in simplified.items() if len(code) == 2 and code in traditional}


@cache
def _countries_back() -> dict[str, str]:
    return {traditional: simplified for simplified, traditional in _countries().items()}


def read_traditional(source: Path) -> Catalog:
    """Return the traditional catalogue of a simplified one that is not compiled (`.po`)."""
    with source.open("rb") as file:
        catalogue = read_po(file)
    catalogue.locale = TRADITIONAL
    for message in catalogue:
        if message.id:
            strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
            made = [to_traditional(string) for string in strings]
            message.string = made[0] if isinstance(message.string, str) else tuple(made)
    return catalogue


def compile_traditional(source: Path, target: Path) -> None:
    """Write the compiled traditional catalogue of a simplified one that is not compiled."""
    catalogue = read_traditional(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, delete=False) as file:
        write_mo(file, catalogue)
    part = Path(file.name)
    part.chmod(0o644)
    part.replace(target)


if __name__ == "__main__":
    compile_traditional((CATALOGUES / SIMPLIFIED / COMPILED).with_suffix(".po"), CATALOGUES / TRADITIONAL / COMPILED)
