"""The words of the site are those that an editor of each language would let pass."""

import re

from app.traditional import read_traditional
from tests.site.test_translations import CHINESE, catalogue, strings, texts

_NAMED = r"%\((?:name|nickname|due|day|time|date|end|month|until|area|place|title)\)s"
_HAN, _SIGN = "[\u3400-\u9fff]", "[\u3400-\u9fff，。：；！？、（）《》“”]"
# Words that had a second name on the site, blanks between Han letters, and the signs of Latin text beside them.
FOREIGN_TO_CHINESE = re.compile(
    f"鱼漂|书友|账户|豆子|管理者|站长|您|可得|报失|{_SIGN} {_NAMED}|{_NAMED} {_SIGN}|{_HAN} {_HAN}"
    f"|{_HAN}[,:;!?()]|[,:;!?()]{_HAN}"
)
# What a converter makes of 天后, 表格, 回音, 准许, 回复, 类型, 审核 and 查查看, what it leaves simplified, and words of
# the mainland. To end an account (注销) is not to log out.
FOREIGN_TO_TAIWAN = re.compile(
    "天后|錶格|迴音|準許|回復|型別|稽核|查檢視|登出了|賬|臺|“|”|登录|邮|书|这|发|后(?!面)|(?<!西)里|隻|麵|乾|郵箱|舉報|拉黑|二維碼|退出登入"
)
FOREIGN_TO_ENGLISH = re.compile(r"《|\bcan ?not\b|to be had|among your exchanges|people who (?:run|look after)")


def test_each_language_is_written_as_its_readers_write_it():
    chinese = {string for message in catalogue(CHINESE) if message.id for string in strings(message)}

    assert [string for string in chinese if FOREIGN_TO_CHINESE.search(string)] == []
    assert [text for text in texts() if FOREIGN_TO_ENGLISH.search(text)] == []


def test_traditional_chinese_is_written_as_in_taiwan():
    traditional = {string for message in read_traditional(CHINESE) if message.id for string in strings(message)}

    assert [string for string in traditional if FOREIGN_TO_TAIWAN.search(string)] == []
    assert traditional >= {"刪除帳號", "檢舉這本書", "登出", "搜尋"}
