"""`flask places import` and `export`: a file goes round, and a faulty one changes nothing."""

import pytest

from app.models.base import db
from app.models.place import Place
from tests.exchange import place
from tests.factories import AreaFactory

HEAD = "name,kind,words,opening,area,closed\n"
ROWS = HEAD + "Library,shelf,behind the entrance,8–20,CN/上海市/上海市/徐汇区,0\nOld tree,box,,,,1\n"


@pytest.fixture
def flask(app, tmp_path):
    def run(command, text=None):
        file = tmp_path / "places.csv"
        if text is not None:
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        result = app.test_cli_runner().invoke(args=["places", command, *([str(file)] if text is not None else [])])
        return result.exit_code, result.output

    return run


def stored():
    db.session.rollback()
    return [(row.name, row.kind, row.area, row.closed) for row in db.session.query(Place).order_by(Place.id)]


def test_a_file_is_read_once_and_comes_out_again(flask, app_context):
    AreaFactory()
    assert flask("import", ROWS) == (0, "2 places added, 0 changed\n")
    assert flask("import", b"\xef\xbb\xbf" + ROWS.encode()) == (0, "0 places added, 0 changed\n")
    assert stored() == [
        ("Library", "shelf", "CN/上海市/上海市/徐汇区", False),
        ("Old tree", "box", "", True),
    ]
    code, out = flask("export")
    assert (code, sorted(out.splitlines())) == (0, sorted(ROWS.splitlines()))
    assert flask("import", ROWS.replace("Old tree,box,,,,1", "Old tree,desk,,,,")) == (0, "0 places added, 1 changed\n")
    assert stored()[1] == ("Old tree", "desk", "", True)
    assert flask("import", "name,kind,area,words,opening\nBench,desk,Xuhui,,\n")[0] == 0
    assert stored()[2][2] == "CN/上海市/上海市/徐汇区"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "these columns are missing: area, kind, name, opening, words"),
        ("name,kind,area\nx,shelf,\n", "these columns are missing: opening, words"),
        (HEAD.strip() + ",hours\na,shelf,,,,,8-20\n", "these columns are not known: hours"),
        (HEAD + "a,shelf,second floor, on the left,,,\n", "line 2: it has more cells than there are columns"),
        (HEAD + ",shelf,,,,\n", "line 2: name: "),
        (HEAD + "a,shelf,,,,\nb,tree,,,,\n", "line 3: kind: "),
        (HEAD + "a,shelf,,,nowhere,\n", "line 2: area: there is not one area called 'nowhere'"),
        (HEAD + "a,shelf,,,,yes\n", "line 2: closed: 1, 0 or nothing, please"),
        (HEAD + f"{'a' * 41},shelf,,,,\n", "line 2: name: "),
        (HEAD + '"a,shelf', "this is no CSV file in UTF-8"),
        (HEAD.encode() + b"\xff\xfe,shelf,,,,\n", "this is no CSV file in UTF-8"),
        (HEAD + ",shelf,,,,\n" * 25, "5 more"),
    ],
)
def test_a_faulty_file_changes_nothing(flask, app_context, text, complaint):
    place(name="Library")
    code, out = flask("import", text)
    assert (code, complaint in out, len(stored())) == (1, True, 1)
