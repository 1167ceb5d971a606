"""The words of the site are those that an editor of each language would let pass."""

import re

from tests.site.test_translations import ROOT, catalogue, strings, texts

CHINESE = ROOT / "app/translations/zh/LC_MESSAGES/messages.po"
_NAMED = r"%\((?:name|nickname|due|day|time|date|end|month|until|area|place|title)\)s"
_HAN, _SIGN = "[\u3400-\u9fff]", "[\u3400-\u9fff，。：；！？、（）《》“”]"
# Words that had a second name on the site, blanks between Han letters, and the signs of Latin text beside them.
FOREIGN_TO_CHINESE = re.compile(
    f"鱼漂|书友|账户|豆子|管理者|站长|您|可得|报失|{_SIGN} {_NAMED}|{_NAMED} {_SIGN}|{_HAN} {_HAN}"
    f"|{_HAN}[,:;!?()]|[,:;!?()]{_HAN}"
)
FOREIGN_TO_ENGLISH = re.compile(r"《|\bcan ?not\b|to be had|among your exchanges|people who (?:run|look after)")


def test_each_language_is_written_as_its_readers_write_it():
    chinese = {string for message in catalogue(CHINESE) if message.id for string in strings(message)}

    assert [string for string in chinese if FOREIGN_TO_CHINESE.search(string)] == []
    assert [text for text in texts() if FOREIGN_TO_ENGLISH.search(text)] == []
