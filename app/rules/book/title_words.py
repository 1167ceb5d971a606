"""Words in titles that name an edition, a kind of book, or another book than the one they stand behind."""

import re

from app.rules.book.normalise import normalise

_COUNT = "(?:[0-9]{1,4}|[一二三四五六七八九十百]{1,4})"
_EASTERN_EDITIONS = (
    rf"(?:原书|插图|修订|增订)?第\s*{_COUNT}\s*[次]?(?:修订|增订)?版|[0-9]{{4}}\s*年?\s*(?:最?新|全新|修订|"
    rf"增订|再|重印|[0-9]{{1,2}}月)?\s*版|[0-9]{{1,3}}版|"
    r"(?:[0-9]{1,4}|[一二三四五六七八九十百]{1,4})?\s*(?:周年|週年|年)?纪念(?:典藏|珍藏|特别)?[版本]?|"
    r"(?:(?:最新|全新|全面|精心|再次|作者|中文|译者|第[一二三四五六七八九十]次)?(?:修订|增订|增补|修正|"
    r"订正|补订|校订|改订|改版|新修|重排|重订|重校|重译|重印|升级|更新|增修|新编)"
    r"(?:增补|珍藏|典藏|新)?[版本]?)|"
    r"(?:典藏|珍藏|收藏|愛藏|爱藏|精装|平装|精裝|平裝|软精装|布面|硬精装|毛边|签名|限量|豪华|纪念|定制|"
    r"礼品|礼盒|普及|大字|袖珍|口袋|便携|轻携|口袋书|经典|"
    r"插图|插画|彩图|彩插|全彩|彩色|彩绘|双色|四色|图文|珍藏插图|精美|白金|黄金|钻石|独家|特别|特装|特別|"
    r"通行|通常|限定|新装|新|最新|全新|终极|全球|国际|国内|大陆|简体|繁体|中文|"
    r"中文简体|简体中文|繁体中文|全译|足本|全本|完整|完整足本|无删节|未删节|无删减|原版|正版|文库本?|唯一|"
    r"权威|超值|畅销|作家榜|译林|人文|新译|新一)[版本书]?|"
    r"附?(?:光盘|cd|dvd|vcd|cd-rom|mp3|书签|海报|磁带)\s*[0-9]*\s*[张片]?|含(?:光盘|cd|dvd)|[+附赠送]|"
    r"第[一二三四五六七八九十]次印刷|二版|三版|四版|五版|再版|初版|精|平|软精"
)
_EASTERN_EDITION = re.compile(_EASTERN_EDITIONS)
_EASTERN_LAST = re.compile(
    rf"(?<=[^\s(第])[\s·•・,.]*(?:(?:原书|修订|增订)?第\s*{_COUNT}\s*版|(?:最新|全新)?(?:修订|增订|"
    rf"增补)[版本]|(?:[0-9]{{1,3}}|[一二三四五六七八九十百]{{1,4}})周年(?:纪念)?版|"
    r"(?:典藏|珍藏|纪念|精装|平装|插图|插图珍藏|精装典藏|精装珍藏|升级|最新|完整|全译|简体中文|繁体中文)[版本])$"
)
_KINDS = re.compile(
    r"丛书|文库|系列|书系|译丛|书坊|书屋|作品集?$|新知|必读|课标|教材|读物|世界名著|外国文学|世界文学|"
    r"文学名著|获奖|畅销|电影原著|原著小说|同名|书馆|作家榜|译文|万千心理|罗辑思维|"
    r"コミック|ノベルス|文庫|コミックス|叢書|시리즈|серия|сборник$|роман|собрание|покетбук|^мяг|^тв|"
    r"^тверд|^обл|^пер|новыи перевод|новое оформление|библиотека"
)
_GENERIC = frozenset(
    """novel|roman|a novel|the novel|a memoir|memoir|memoirs|a story|stories|short stories|a novella|novella
    |poems|poetry|a thriller|thriller|a mystery|a romance
    |essays|a biography|an autobiography|autobiography|the autobiography|the biography|biography|a true story
    |the true story|un roman|ein roman|eine erzahlung|erzahlung|erzahlungen
    |krimi|kriminalroman|ein krimi|psychothriller|novela|una novela|romanzo|un romanzo|powiesc|romance
    |racconti|cuentos|nouvelles|roman policier|recit|a novel in verse
    |historical novel|a historical novel|an historical novel|a love story|the classic|the complete text
    |a fable|a fairy story|a fairy tale|tales|a tale|a comedy|fiction|nonfiction|a fiction
    |roman historique|historischer roman|roman historico|romani|a western|a science fiction novel|novels
    |an american novel|text|complete
    |роман|повесть|сказка|роман в стихах|поэма|фантастическии роман|историческии роман
    |小说|长篇小说|中篇小说|短篇小说|短篇小说集|中短篇小说集|小说集|散文|散文集|随笔|随笔集|传记|诗集|诗歌
    |长篇|历史小说|长篇历史小说|推理小说|科幻小说|长篇科幻小说|回忆录|自传""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_FORMS = r"novel|thriller|mystery|memoir|novella|romance|autobiography|biography|whodunit"
_HARMLESS = re.compile(
    rf"(?:an?|the) (?:[\w'’.&-]+ ){{0,6}}(?:{_FORMS})(?: (?:of|about|from|in|by|featuring) .*)?|"
    r"or,? .*|(?:how|why) (?:\S+ ){2}.*|"
    r"(?:the |a |an )?(?:\S+ ){0,3}(?:story|autobiography|biography|memoirs?) of (?:\S+ ){1}.*|"
    r"an? (?:\S+ ){4}.*|"
    r".{0,30}\btie[- ]in\b.{0,20}|(?:the )?(?:complete|full|unabridged|original|authoritative|definitive|"
    r"corrected|restored|uncut) (?:text|edition|version|novel)|"
    r"(?:winner|shortlisted|longlisted|finalist) .{0,80}|(?:the )?(?:international |new york times |"
    r"#?1 )*best-?seller\w*|"
    r"now a (?:major )?.{0,60}|soon to be .{0,60}|oprah'?s? .{0,40}|with a new .{0,60}|\d{1,4}(?:st|nd|rd|"
    r"th) anniversary.{0,30}"
)
_OTHER_BOOK = re.compile(
    r"\b(?:notes?|guide|companion|study|studies|workbook|summary|analysis|adapt\w*|abridge\w*|retold|"
    r"retelling|screenplay|script|play|plays|graphic|comic|comics|"
    r"manga|illustrated classics|no fear|for kids|young readers?|junior|simplified|readers?|coloring|"
    r"cookbook|journal|calendar|teacher\w*|student\w*|solutions?|"
    r"instructor\w*|activity|sequel|audio\w*|cd|dvd|cassette|bilingual|parallel|dual|excerpts?|"
    r"selections?|selected|sampler|preview|making of|making-of|dramati\w*|radio|facsimile|transcripts?|"
    r"full-cast|movie book|storybook|"
    r"picture book|board book|pop-up|sticker|quiz|trivia|lyrics|vocal|score|piano|sheet|supplement|"
    r"answers?|key|test|exam|prep|handbook|manual|atlas|"
    r"reader'?s|critical|commentary|annotated|letters|essays|stories|poems|history|histories|introduction|"
    r"collection|anthology|tales?|treasury|trilogy|epilogue|prequel|course|survey|textbook|other|more|"
    r"bks?|books?|volumes?|vols?|parts?|vol)\b"
)
_OTHER_IN_BRACKETS = re.compile(
    r"\b(?:notes|study|workbook|summary|analysis|adapt\w*|abridge\w*|retold|retelling|screenplay|script|"
    r"play|plays|graphic|comic|comics|manga|illustrated classics|"
    r"no fear|for kids|young reader'?s?|junior|simplified|penguin readers|bookworms|easy reader|graded|"
    r"coloring|cookbook|calendar|teacher\w*|student\w*|solutions?|"
    r"instructor\w*|activity|sequel|audio\w*|cd|dvd|cassettes?|bilingual|parallel|dual|excerpts?|"
    r"selections?|selected|sampler|preview|making|storybook|"
    r"picture book|pop-up|sticker|lyrics|vocal|score|piano|supplement|answers?|test|exam|companion|"
    r"reader'?s guide|other|spanish|french|german|italian|chinese|japanese|"
    r"russian|latin|greek|edition fran|espanol|part of|without)\b"
)
_LATIN_EDITION = re.compile(
    r"\b(?:[0-9]{1,4}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|"
    r"eleventh|twelfth|revised|updated|expanded|enlarged|reissued?|reprint|reprinted|"
    r"anniversary|illustrated|unabridged|large[- ]print|largeprint|paperback|hardcover|hardback|softcover|"
    r"mass market|trade|movie tie-?in|tie-?in|tv tie-?in|film|movie|media|deluxe|special|"
    r"collector'?s|collectors|international|limited|original|complete|definitive|gift|pocket|export|new|"
    r"classics?|penguin|vintage|signet|oxford world'?s|world'?s|modern library|"
    r"norton critical|perennial|everyman'?s|library|bantam|dover|thrift|barnes and noble|harper|"
    r"harperperennial|mariner|puffin|wordsworth|the|and|with|a|uk|us|u\.s\.|british|american|north|"
    r"global|economy|low price|indian|asian|premium|centennial|centenary|commemorative|restored|corrected|"
    r"uncut|author'?s|preferred|[0-9]{4}|volltext|"
    r"editions?|edn|ed\.?|version|print|printing|cover|reissue|auflage|ausgabe|uberarbeitete|erweiterte|"
    r"aktualisierte|edicion|edizione|wydanie|[0-9]{1,2}\. |[0-9]{1,2}e|"
    r"[0-9]{1,2}-?[ея]|издание|изд|переработанное|дополненное|испр|исправленное|доп|новое|подарочное|"
    r"юбилеиное|второе|третье|четвертое|пятое|и)(?!\w)\.?"
)
_SAYS_EDITION = re.compile(
    r"\b(?:editions?|edn|ed|unabridged|large[- ]print|largeprint|tie-?in|paperback|hardcover|reissue|"
    r"reprint|revised|updated|expanded|classics?|auflage|ausgabe|издание|изд|"
    r"anniversary|edicion|edizione|[0-9]{1,2}e|version|wydanie)\b"
)
_NUMBERED_EDITION = re.compile(
    rf"第\s*{_COUNT}\s*(?:次(?:修订|增订))?版|(?<![0-9])[0-9]{{1,2}}\s*版|[一二三四五六七八九十]版|(?:修订|"
    rf"增订|增补|修正|改订|最新|全新|新修|升级|更新)\S{{0,4}}[版本]|"
    r"(?:^|[\s(:·\-])新版|"
    r"\b(?:[0-9]{1,3}(?:st|nd|rd|th)|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|"
    r"twelfth|thirteenth|fourteenth|fifteenth|"
    r"revised|new|updated|expanded|enlarged|international|global)(?:,? (?:and |& )?(?:revised|updated|"
    r"expanded|enlarged|international|global|student))*,? "
    r"(?:ed|edn|editions?)\b|\b(?:revised|updated|expanded)(?: (?:and|&) (?:revised|updated|expanded|"
    r"enlarged))+\b|\b(?:edition|edn?\.?) [0-9]{1,2}\b|"
    r"\b[0-9]{1,2}e\b|\b[0-9]{1,3}\. ?(?:[^\W\d]+ )?(?:auflage|ausgabe)|\b[0-9]{1,2}(?:-?[ея])? (?:изд|"
    r"издание)\b|\b[0-9]{1,2}[aªº]?\.? ?(?:edicion|edicao|ed)\b|"
    r"(?:переработанное|дополненное|исправленное)|제\s*[0-9]{1,2}\s*판|개정판|改訂版|第[0-9]{1,2}版"
)
_EAST = re.compile("[぀-ヿ㐀-鿿가-힯]")
_WORD = re.compile(r"\w")


def is_edition(text: str) -> bool:
    """Return whether a folded text only says which edition it is: `第3版`, `精装插图本`, `50th anniversary edition`."""
    if len(text) > 80:
        return False
    if _EAST.search(text):
        return not _WORD.search(_EASTERN_EDITION.sub("", text))
    return _SAYS_EDITION.search(text) is not None and not _WORD.search(_LATIN_EDITION.sub("", text))


def without_edition(text: str) -> str:
    """Return a folded title without the edition at its end: `algebra, 3rd ed.` → `algebra`."""
    if text[-1:] in "版本":
        return _EASTERN_LAST.sub("", text)
    words = text.split()
    if len(words) < 3 or not _SAYS_EDITION.search(words[-1]) or _OTHER_IN_BRACKETS.search(text):
        return text
    end = len(words) - 1
    while end > 1 and _LATIN_EDITION.fullmatch(words[end - 1].strip(",()")):
        end -= 1
    return " ".join(words[:end]) if end < len(words) - 1 else text


def is_generic(text: str) -> bool:
    """Return whether a folded subtitle says only what kind of text the book is: `a novel`, `长篇小说`, `роман`."""
    return text in _GENERIC


def is_harmless(text: str) -> bool:
    """Return whether a folded Latin subtitle only describes the book, so that an edition without it is the same."""
    return _HARMLESS.fullmatch(text) is not None and not _OTHER_BOOK.search(text)


def is_kind(text: str) -> bool:
    """Return whether what stands in brackets names a series or a kind of book."""
    return text in _GENERIC or _KINDS.search(text) is not None


def is_other_book(text: str) -> bool:
    """Return whether what stands in brackets makes another book of it: `(study guide)`, `(the graphic novel)`."""
    return _OTHER_IN_BRACKETS.search(text) is not None


def names_an_edition(title: str, subtitle: str = "") -> bool:
    """Return whether a title names one edition of its work: `第7版`, `2nd ed.`, `revised edition`."""
    return _NUMBERED_EDITION.search(normalise(f"{title[:500]} {subtitle[:500]}")) is not None
