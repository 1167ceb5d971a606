"""The words by which books are put on shelves, as catalogues and readers use them for what a book is about.

They are patterns, with commas between them, for texts as `rules.book.normalise` leaves them. The first that fits wins,
and what it has taken is not looked at again: longer ones stand before what they contain.
"""

from enum import StrEnum


class Shelf(StrEnum):
    """A shelf, in the order in which they are shown."""

    LITERATURE = "literature"
    SCIFI = "scifi"
    MYSTERY = "mystery"
    FANTASY = "fantasy"
    HISTORY = "history"
    SOCIETY = "society"
    SCIENCE = "science"
    COMPUTING = "computing"
    ART = "art"
    CHILDREN = "children"


FACT = "fact"
"""Says that a book is no novel."""
LIFE = "life"
"""Says that a book tells a life: no novel, and a part of history."""
STORY = "story"
"""Says that a book is a novel, of whatever kind."""
NOTHING = "nothing"
"""Words that hold another one and mean something else."""

ENGLISH = (
    (
        NOTHING,
        r"""
        juvenile delinquen\w*, artificial insemination, art of (?:living|war)
        """,
    ),
    (
        FACT,
        r"""
        non ?fiction, true crime, popular science, true story
        """,
    ),
    (
        LIFE,
        r"""
        biograph\w+, autobiograph\w+, memoirs?, diary, diaries
        """,
    ),
    (
        Shelf.CHILDREN,
        r"""
        juvenile (?:fiction|literature|nonfiction|works|poetry),
        child(?:ren)?'?s? (?:s )?(?:stories|literature|books?|fiction|poetry), picture books?, fairy tales?,
        bedtime, nursery rhymes?, early readers?, middle ?grade
        """,
    ),
    (
        Shelf.SCIFI,
        r"""
        science fiction\w*, sci ?fi, cyberpunk, steampunk, space operas?, post ?apocalyptic(?: fiction)?,
        dystopias?n?, time travel, extraterrestrial beings, aliens, cyborgs, robots fiction, sf
        """,
    ),
    (
        Shelf.MYSTERY,
        r"""
        mystery, mysteries, detectives?, crimes? fiction, thrillers?, suspense, murder(?: investigation)?,
        serial murders?, spy stories, espionage, noir, whodunit, police procedural, private investigators, crime
        """,
    ),
    (
        Shelf.FANTASY,
        r"""
        fantasy, fantastic fiction, magic(?!al), vampires?, wizards?, witch(?:es|craft)?, dragons?,
        middle ?earth, werewol\w+, paranormal\w*, mythical creatures, wuxia, martial arts fiction, supernatural
        """,
    ),
    (
        Shelf.LITERATURE,
        r"""
        literary (?:criticism|collections|fiction), history and criticism, poetry, poems, poets, essays?, drama,
        plays, classics?(?: fiction)?, letters, magical realism
        """,
    ),
    (
        STORY,
        r"""
        (?:\w+ )?(?:literature|fiction), novels?, romances?, love stories, young adult, stories, horror, gothic,
        coming of age, adventure
        """,
    ),
    (
        Shelf.COMPUTING,
        r"""
        computers?(?: \w+)?, programming(?: languages?)?, software(?: \w+)?, artificial intelligence,
        machine learning, data ?bases?, internet, algorithms?, cyber ?security, cryptography,
        technology(?: and engineering)?, engineering, electronics, data (?:mining|science),
        information technology, web (?:development|sites|design), electric\w* \w+, robotics, telecommunication
        """,
    ),
    (
        Shelf.SOCIETY,
        r"""
        (?:social|political|library|management) sciences?, philosoph\w+, psycholog\w+, psychiatry,
        psychoanalysis, sociology, society, politics(?: and government)?, government, economics?, econom\w+,
        business(?: \w+)?, management, marketing, finance, money, investments?, law, education, teaching,
        religions?, religious \w+, christian\w*, buddhis\w+, islam, bible, ethics, anthropology, feminis\w+,
        gender, self ?help, success, leadership, entrepreneur\w*, journalism, linguistics,
        language(?: arts| study|s)?, spirituality, social (?:conditions|life), racism, sex role, logic,
        international relations, military (?:art|science)\w*, communism, capitalism, democracy
        """,
    ),
    (
        Shelf.HISTORY,
        r"""
        histor(?:y|ical), archaeology, civilization, antiquities, world war\w*, second world war,
        first world war, civil war, cold war, holocaust, middle ages, renaissance, revolution, genealogy,
        kings and rulers, presidents
        """,
    ),
    (
        Shelf.SCIENCE,
        r"""
        sciences?, physics, mathematics, maths?, biology, chemistry, astronomy, cosmology, evolution, nature,
        ecology, environment\w*, medicine, medical, health(?: and fitness)?, geology, botany, zoology, genetics,
        neuroscience, statistics, climat\w+, universe, animals, agriculture, bees, birds, natural history,
        diseases, geography
        """,
    ),
    (
        Shelf.ART,
        r"""
        arts?, music\w*, film\w*, motion pictures?, cinema, designs?, architecture, photograph\w*, painting,
        drawing, sculpture, calligraphy, cook(?:ing|ery|books?), food, recipes, travel,
        sports?(?: and recreation)?, games, gardens?, gardening, crafts?(?: and hobbies)?, fashion,
        comics?(?: books?)?, graphic novels?, manga, theater, theatre, dance, performing arts,
        interior decoration, wine, photos
        """,
    ),
)
CHINESE = (
    (
        NOTHING,
        r"""
        人工授精, 孙子兵法, 艺术人生
        """,
    ),
    (
        FACT,
        r"""
        纪实, 报告文学, 非虚构, 真实事件
        """,
    ),
    (
        LIFE,
        r"""
        口述历史, 回忆录, 传记, 自传, 年谱, 日记
        """,
    ),
    (
        Shelf.SCIENCE,
        r"""
        科普(?:读物)?
        """,
    ),
    (
        Shelf.CHILDREN,
        r"""
        儿童, 童话, 童书, 绘本, 少儿, 少年读物, 图画书, 寓言故事
        """,
    ),
    (
        Shelf.SCIFI,
        r"""
        科学?幻想?(?:小说|文学)?, 赛博朋克, 反乌托邦, 太空歌剧, 外星文明, 硬科幻, 时间旅行, 克苏鲁
        """,
    ),
    (
        Shelf.MYSTERY,
        r"""
        推理(?:小说)?, 悬疑, 侦探, 犯罪(?:小说)?, 惊悚, 谍战, 间谍, 法医, 刑侦, 破案
        """,
    ),
    (
        Shelf.FANTASY,
        r"""
        [武仙玄]侠(?:小说)?, [奇魔玄]幻(?!现实)(?:小说|文学)?, 修[仙真], 神魔, 妖怪, 中土世界, 金庸, 古龙, 盗墓
        """,
    ),
    (
        Shelf.LITERATURE,
        r"""
        文学(?:评论|史|理论|批评), 古典文学, 诗[歌词集]?, 唐诗, 宋词, 散文, 随笔, 杂文, 戏剧, 剧本, 书信,
        魔幻现实主义, 名著, 古典小说
        """,
    ),
    (
        STORY,
        r"""
        历史小说, 小说, 文学, 言情, 爱情, 青春, 网文
        """,
    ),
    (
        Shelf.COMPUTING,
        r"""
        计算机, 编程, 程序(?:设计|员)?, 软件, 算法, 数据库, 人工智能, 机器学习, 深度学习, 互联网,
        网络(?:安全|技术), 虚拟化, 操作系统, 电子技术, 工业技术, 工程(?:技术|学)?, 前端, 大数据, 机械, 电工,
        自动化, 黑客
        """,
    ),
    (
        Shelf.SOCIETY,
        r"""
        哲学, 心理, 社会, 政治, 经济, 管理, 商业, 金融, 投资, 理财, 创业, 营销, 法律, 教育, 宗教, 佛教, 基督教,
        道教, 伦理, 逻辑, 人类学, 新闻, 传播, 语言(?:学|文字)?, 女性主义, 女权, 励志, 成功学, 思想, 军事, 马克思,
        国学, 职场, 知识分子, 资本主义, 企业
        """,
    ),
    (
        Shelf.HISTORY,
        r"""
        历史, (?:中国|世界|近代|古代|欧洲|日本|美国|近现代|断代|通)史, 考古, 文物, [明清宋唐汉元秦]朝, 二战,
        第[一二]次世界大战, 冷战, 中世纪, 文明史, 古罗马, 丝绸之路, 五四运动, 地理
        """,
    ),
    (
        Shelf.SCIENCE,
        r"""
        科学, 物理, 数学, 生物, 化学, 天文, 宇宙, 进化, 自然, 生态, 环境, 医学, 医药, 健康, 卫生, 养生, 地质,
        植物, 动物, 基因, 脑科学, 统计, 气候, 农业, 病毒
        """,
    ),
    (
        Shelf.ART,
        r"""
        艺术, 音乐, 电影, 设计, 建筑, 摄影, 绘画, 书法, 美术, 美食, 饮食, 烹饪, 菜谱, 旅行, 旅游, 游记, 体育,
        手工, 园艺, 时尚, 漫画, 舞蹈, 戏曲, 茶道, 围棋, 收藏鉴赏
        """,
    ),
)
