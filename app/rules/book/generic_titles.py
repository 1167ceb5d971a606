"""Titles that many books of one author have, so that they name no work."""

import re

from app.rules.book.people import Person

_TITLES = frozenset(
    """诗集|诗选|诗抄|诗歌|诗歌集|诗歌选|诗|诗文集|诗文选|诗词|诗词集|诗词选|诗全集|选集|文集|文选|文存
    |作品集|作品选|作品|作品精选|作品选集|小说集|小说选|小说全集|小说|小说精选|散文集|散文选|散文|散文精选
    |散文全集
    |散文选集|随笔|随笔集|随笔选|全集|短篇小说|短篇小说集|短篇小说选|短篇小说精选|短篇小说全集|中短篇小说
    |中短篇小说集|中短篇小说选|中短篇小说精选|中篇小说|中篇小说集|中篇小说选|长篇小说|自选集|精选集|精选
    |代表作|经典作品|经典作品集
    |自传|日记|日记选|书信|书信集|书信选|书简|家书|演讲集|讲演集|演讲录|戏剧集|戏剧选|戏剧|剧作|剧作集|剧作选
    |剧本集|杂文|杂文集|杂文选|杂文精选|童话|童话集|童话选|童话全集|童话故事|故事|故事集|寓言|寓言集|寓言故事
    |语录
    |回忆录|论文集|论文选|论文选集|学术论文集|学术文集|词集|词选|诗词全集|文论|文论集|小品|小品文|画集
    |作品全集|画册|摄影集|摄影作品集|漫画|漫画集|漫画全集|绘本|评论集|访谈录|谈话录|札记|笔记|传|传记|评传
    |年谱|精品|精品集|精品选
    |文集精选|著作集|著作选|著作选读|选读|读本|文选集|名作|名作选|名篇|代表作选|作文集|书法|书法集|书法作品集
    |画选|精选本|经典散文|经典小说|无题|未命名|文粹|文萃|文钞|遗稿|遗作|诗稿|手稿|诗精选|诗歌精选|诗选集
    |collectedworks|collectedpoems|collectedstories|collectedshortstories|collectedfiction
    |collectedshortfiction|collectednovels|completeworks|completepoems|completepoetry|completestories
    |completeshortstories|completenovels|completefairytales|completeplays|completeletters|completeessays
    |completesonnets|selectedpoems|selectedpoetry|selectedstories|selectedshortstories|selectedworks
    |selectedwritings|selectedessays
    |selectedletters|selectedplays|selectedprose|selectedfiction|selectednonfiction|selectednonfictions
    |selectedtales|selections|shortstories|shortfiction|stories|poems|poetry|essays|letters|plays|works|novels
    |diaries|diary
    |autobiography|memoirs|memoir|untitled|speeches|writings|collectedessays|collectedplays|collectedpoetry
    |collectedletters|collectedpapers|collectedwritings|fairytales|tales|beststories|bestshortstories
    |greatstories|greatshortstories
    |newpoems|newandselectedpoems|newselectedpoems|newandcollectedpoems|earlypoems|lastpoems|laterpoems
    |lovepoems|bestof|theworks|majorworks|basicwritings|basicworks|philosophicalworks|threeplays|fourplays
    |fiveplays|sixplays|twoplays
    |threenovels|fournovels|fivenovels|twonovels|threestories|sixstories|tenstories|fourtragedies|tragedies
    |comedies|histories|sonnets|completesonnetsandpoems|sonnetsandpoems|fourgreatplays|greatplays
    |poemsandprose|poemsandplays|journals|notebooks
    |journal|notebook|anthology|collection|omnibus|reader|portable|essential|complete|selected|collected
    |bestshortstoriesof|favoritepoems|favoritestories|greatestworks|greatesthits|letter|prose|lyrics|plays1
    |worksof|introduction
    |собраниесочинении|полноесобраниесочинении|сочинения|избранное|избранныепроизведения|избранныесочинения
    |избранныестихи|избраннаялирика|стихотворения|стихи|лирика|рассказы|повести|повестиирассказы
    |рассказыиповести|сказки|романы
    |пьесы|поэмы|проза|стихотворенияипоэмы|стихиипоэмы|стихипоэмы|малоесобраниесочинении|произведения|лучшее
    |лучшиерассказы|дневники|дневник|письма|воспоминания|мемуары|басни|новеллы|эссе|статьи|очерки
    |повестирассказы
    |романыирассказы|романыиповести|собрание|полноесобраниерассказов|малаяпроза|драмы|комедии|трагедии|сонеты
    |автобиография|безназвания|сборник|сказкииистории|детям|стихидлядетеи|рассказыдлядетеи|сказкидлядетеи
    |gedichte|erzahlungen|werke|gesammeltewerke|samtlichewerke|samtlichegedichte|samtlicheerzahlungen
    |gesammelteerzahlungen|gesammeltegedichte|ausgewahltegedichte|ausgewahltewerke|novellen|marchen|romane
    |dramen|briefe|tagebucher
    |oeuvres|oeuvrescompletes|oeuvrespoetiques|poesies|poesiescompletes|poemes|contes|nouvelles|theatre
    |theatrecomplet|lettres|correspondance|fables|romans|contesetnouvelles|anthologie
    |obrascompletas|obras|obraselectas|poesia|poesias|poesiacompleta|poesiascompletas|antologia
    |antologiapoetica|cuentos|cuentoscompletos|poemas|novelas|teatro|teatrocompleto|ensayos|cartas|diarios
    |relatos
    |opere|tutteleopere|poesie|tuttelepoesie|racconti|novelle|romanzi|lettere|commedie|contos|poesiareunida
    |verhalen|gedichten|wierszewybrane|poezje|opowiadania|dziela
    |短編集|詩集|作品集|全詩集|短編小説集|随筆集|시집|시선|단편집|단편선|전집|선집|수필집|희곡선|小説集
    |エッセイ""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_OF_ONE = frozenset(("自传", "回忆录", "autobiography", "memoirs", "автобиография", "мемуары", "воспоминания"))
"""What one writes once, so that the title names a work when it says whose it is."""
_TRIMMED = re.compile(r"^(?:the|his|my|a)?|\d+$")
_OF = re.compile(r"^(.+?)(?:of|by|von|de|di)$")


def is_generic_title(name: str, author: Person) -> bool:
    """Return whether a title says no more than the kind of text, or whose it is: `诗集`, `鲁迅全集`, `poems`."""
    if name in _TITLES or (name.isdigit() and len(name) < 4):
        return True
    if author.whole and author.whole in name:
        return _is_kind(name.replace(author.whole, "", 1))
    family = author.family.partition(" ")[0]
    return family in name and _is_kind(name.replace(family, "", 1))


def _is_kind(rest: str) -> bool:
    rest = _TRIMMED.sub("", rest)
    found = _OF.match(rest)
    return (rest in _TITLES and rest not in _OF_ONE) or (found is not None and found[1] in _TITLES)
