"""The list of rejected lines continues after the last line that was counted."""

from pathlib import Path

from app.catalogues.files.list_files import RejectedLine
from app.services.imports.reject_file import HEADER, RejectFile


def reject(path, size, number):
    file = RejectFile(path, size)
    file.add(Path("dump.txt"), RejectedLine(number, "no\ttitle"))
    file.flush()
    return file.size


def test_what_a_stopped_run_wrote_but_did_not_count_is_written_once(tmp_path):
    path = tmp_path / "rejected.tsv"
    size = reject(path, 0, 1)
    reject(path, size, 2)
    reject(path, size, 2)
    assert path.read_text() == HEADER + "dump.txt\t1\tno title\ndump.txt\t2\tno title\n"


def test_the_list_of_another_run_is_replaced(tmp_path):
    path = tmp_path / "rejected.tsv"
    reject(path, 0, 1)
    reject(path, 0, 2)
    assert path.read_text() == HEADER + "dump.txt\t2\tno title\n"
