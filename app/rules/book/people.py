"""By which name two spellings of an author are compared."""

import re
from functools import lru_cache
from typing import NamedTuple

from app.rules.book.normalise import normalise

LONGEST = 200
"""Characters of a name that are read."""

_BRACKETS = re.compile(
    r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|\{[^{}]*\}|<[^<>]*>|《[^《》]*》|“[^“”]*”|[(\[][^()\[\]]*$"
)
_HAN = re.compile("[㐀-鿿]")
_NEXT = re.compile(r"[;/|&、+]|\band\b|\bund\b|\bet\b| и |和(?=.+[·・•‧∙⋅])")
_BEFORE = re.compile(
    r"^(?:作者|原著者?|著者|主编|编者|by|author|written by|автор)\s*[::/]\s*|^(?:作|文|著|by)[/:]?\s+|^/+"
)
_ROLES = re.compile(
    r"(?:\s*(?:等|编着|主编|总主编|原着|改编|编译|编写|编选|选编|编绘|编订|编注|译注|注译|校注|选注|笺注|"
    r"注释|撰写|撰文|口述|讲述|讲授|监制|出品|整理|点校|辑|"
    r"着|编|作|译|撰|注|绘|文|图|文图|文·图|画|评|述|说|选|原作|作画|先生|博士|教授|医生|医师|女士))+$"
)
_GLUED_ROLES = re.compile(
    r"(?:等|编着|主编|总主编|原着|改编|编译|编写|编选|选编|编绘|译注|注译|校注|选注|撰写|口述|原作|着|译|撰)+$"
)
_INITIAL = re.compile(r"(?<=[a-z])[.·]\s+")
_PARTS = re.compile(r"[·•・‧∙⋅∶.．\s]+")
_DATES = re.compile(r"\b\d{3,4}\b(?:\s*[-–—~]\s*(?:\d{2,4})?)?|\b(?:b|d|ca|fl)\.\s*\d+")
_BEHIND = frozenset(
    """jr sr ii iii iv phd ph d md m dr esq et al author editor ed eds obe cbe msw ms rn mba cpa prof
    illustrator translator junior""".replace("\n", " ").split()
)
_DEGREES = re.compile(
    r",\s*(?:ph\.?\s?d|m\.?\s?d|d\.?o|m\.?\s?a|b\.?\s?a|j\.?\s?d|jr|sr|esq|rn|msw|ms|ed\.?\s?d|mba|cpa|"
    r"d\.?d|ii|iii|iv)\b\.?.*$"
)
_TITLES = frozenset("""sir dr lord lady saint st mr mrs ms rev professor prof""".replace("\n", " ").split())
_COMMON = frozenset(
    """smith johnson williams brown jones davis miller wilson moore taylor anderson thomas jackson white harris
    martin thompson robinson clark lewis lee walker hall allen young king wright scott green baker adams
    nelson carter mitchell roberts turner phillips campbell parker evans edwards collins stewart morris
    rogers reed cook morgan bell murphy bailey cooper richardson cox howard ward peterson gray james watson
    brooks kelly sanders price bennett wood barnes ross henderson coleman jenkins perry powell long patterson
    hughes butler simmons foster bryant alexander russell griffin hayes myers ford hamilton graham sullivan
    wallace west cole jordan owens fisher ellis harrison gibson marshall murray freeman wells webb simpson
    stevens tucker porter hunter hicks crawford henry mason kennedy warren dixon burns gordon shaw holmes
    rice robertson hunt black palmer mills grant knight rose stone hudson spencer gardner stephens payne
    pierce berry matthews arnold wagner andrews carroll duncan lane perkins bradley barker anthony norwood
    wang li zhang chen liu yang huang zhao wu kim park nguyen singh schmidt schneider fischer weber meyer
    muller""".replace("\n", " ").split()
)
"""Family names so common that two authors of one title may share them."""
_ADAPTED = re.compile("改编|编绘|漫画")
_PATRONYMIC = ("вич", "вна", "чна", "ьич", "мич", "кич")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑罗梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴"
    "霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚"
    "岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑"
    "迟邝"
)
_UNKNOWN = frozenset(
    """佚名|无名氏|不详|未知|本社|编委会|编写组|本书编写组|本书编委会|群体|多人|各家|合集|众作者|作者|不明
    |anonymous|various|various authors|unknown|author|authors|n/a|null|none|nan|na|anon
    |collective|multiple authors|staff|editors|unbekannt|anonym|anonimo|аноним|коллектив авторов|сборник
    |отсутствует|автор не указан|народное творчество|неизвестен""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)


class Person(NamedTuple):
    """A name folded: what is the same in all its spellings, and the whole of it; both "" when nobody is named."""

    family: str
    whole: str


@lru_cache(maxsize=20_000)
def person_of(name: str) -> Person:
    """Return the family name of a foreigner, or the whole of a Han name, and the whole of either.

    `[哥伦比亚] 加西亚·马尔克斯` → `马尔克斯`; `刘慈欣 著` → `刘慈欣`; `Le Guin, Ursula K.` → `guin`.
    """
    folded = normalise(name[:LONGEST])
    text = _BEFORE.sub("", _BRACKETS.sub(" ", folded).strip())
    if text.strip(" .") in _UNKNOWN or ("原着" in folded and _ADAPTED.search(folded)):
        return Person("", "")
    text = _NEXT.split(text, maxsplit=1)[0].strip() or text
    return _han_person(text) if _HAN.search(text) else _other_person(text)


def _han_person(text: str) -> Person:
    text = _INITIAL.sub(".", _ROLES.sub("", text.split(",")[0].strip()) or text)
    parts = [part for part in _PARTS.split(text) if part]
    is_dotted = re.search("[·•・‧∙⋅∶.．]", text) is not None
    if not is_dotted and len(parts) > 1:
        parts = [bare for part in parts if (bare := _ROLES.sub("", part))] or parts
        if _are_chinese(parts):
            parts = parts[:1]
        elif len("".join(parts)) <= 4:
            parts = ["".join(parts)]
    if is_dotted and len(parts) > 1 and " " in text:
        # Behind the foreign name stands what has no dot: who translated it, or a second author.
        parts = [part for part in _PARTS.split(_first_dotted(text)) if part]
    family = _letters(parts[-1]) if parts else ""
    if len(parts) == 1 and len(family) > 2:
        family = _GLUED_ROLES.sub("", family) or family
    whole = _letters("".join(parts)) if len(parts) > 1 else family
    return Person("", "") if family in _UNKNOWN else Person(family, whole)


def _first_dotted(text: str) -> str:
    words = text.split()
    for place, word in enumerate(words):
        if re.search("[·•・‧∙⋅∶．]", word) or (place and "." in word):
            return word
    return text


def _are_chinese(parts: list[str]) -> bool:
    return all(2 <= len(part) <= 4 and part[0] in _SURNAMES for part in parts[:2])


def _other_person(text: str) -> Person:
    text = _DEGREES.sub("", _DATES.sub(" ", text))
    family = text.partition(",")[0] if "," in text else text
    parts = [part for part in _PARTS.split(family) if part.strip("-'’,")]
    while len(parts) > 1 and parts[-1].strip(",;") in _BEHIND:
        parts.pop()
    if len(parts) == 3 and parts[-1].endswith(_PATRONYMIC):
        parts = parts[:1]
    if not parts:
        return Person("", "")
    name = _letters(parts[-1])
    return Person(f"{name}{_initial_of(text)}" if name in _COMMON else name, _letters(text))


def _initial_of(text: str) -> str:
    """Return the initial of the first given name behind a blank, of `brown, sandra` and of `dr. sandra brown` the s."""
    family, comma, given = text.partition(",")
    names = [part for part in _PARTS.split(given if comma else family) if part and part not in _TITLES]
    return f" {names[0][0]}" if names and (comma or len(names) > 1) else ""


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
