"""Style sheet, scripts and pictures: built once, served at URLs that change with their content."""

import gzip
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest

from app import create_app, static_files
from config import Testing

STATIC = static_files.SOURCE
NAMES = sorted(path.name for path in STATIC.iterdir())
TEXTS = [name for name in NAMES if not name.endswith(".png")]
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress}


@pytest.fixture
def settings(settings, tmp_path):
    return settings | {"STATIC_PATH": str(tmp_path / "static")}


def url(app, name):
    return f"/static/{app.extensions[static_files.EXTENSION][name]}"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_kept_for_a_year_at_the_url_of_its_content(app, client, name):
    with client.get(url(app, name)) as answer:
        plain = answer.data
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "max-age=31536000, public, immutable")
        assert "Content-Encoding" not in answer.headers
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert len(plain) <= (STATIC / name).stat().st_size
        known = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(url(app, name), headers=known).status_code == 304
    assert client.head(url(app, name)).data == b""
    assert client.post(url(app, name)).status_code == 405


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_comes_compressed_to_who_can_read_it(app, client, name):
    with client.get(url(app, name)) as answer:
        plain = answer.data
    for encoding, unpack in UNPACK.items():
        with client.get(url(app, name), headers={"Accept-Encoding": encoding}) as answer:
            assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == (encoding, "Accept-Encoding")
            assert len(answer.data) < len(plain)
            assert unpack(answer.data) == plain


def test_the_style_sheet_is_much_smaller_than_it_stands_in_the_tree(app, client):
    with client.get(url(app, "style.css"), headers={"Accept-Encoding": "br"}) as answer:
        assert len(answer.data) * 4 < (STATIC / "style.css").stat().st_size


def test_pages_name_files_by_their_content(app, client):
    assert client.get("/").page.select_one("link[rel=stylesheet]")["href"] == url(app, "style.css")


@pytest.mark.parametrize("path", ["/static/style.css", "/static/style.0123456789ab.css"])
def test_a_url_without_the_hash_or_of_another_release_works_for_a_minute(client, path):
    with client.get(path) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "text/css")
        assert answer.cache_control.max_age == 60
        assert answer.data == (STATIC / "style.css").read_bytes()


@pytest.mark.parametrize("path", ["none.css", "none.0123456789ab.css", "../__init__.py", "style.css.br", ".css", ""])
def test_there_is_nothing_else(client, path):
    assert client.get(f"/static/{path}").status_code == 404


def test_other_content_has_another_url(monkeypatch, settings, tmp_path):
    first = create_app(Testing(**settings))
    changed = tmp_path / "changed"
    changed.mkdir()
    (changed / "style.css").write_text("p { color : red }")
    monkeypatch.setattr(static_files, "SOURCE", changed)
    static_files._build.cache_clear()
    second = create_app(Testing(**settings))
    static_files._build.cache_clear()

    assert url(first, "style.css") != url(second, "style.css")
    with second.test_client().get(url(second, "style.css")) as answer:
        assert answer.text == "p{color:red}"


def test_processes_that_start_at_once_build_whole_files(tmp_path):
    start = threading.Barrier(8)

    def build(_number):
        start.wait()
        return static_files._build.__wrapped__(tmp_path)

    with ThreadPoolExecutor(8) as threads:
        built = list(threads.map(build, range(8)))

    assert all(names == built[0] for names in built)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == sorted(
        name + suffix for own, name in built[0].items() for suffix in ("", ".br", ".gz") if own in TEXTS or not suffix
    )


def test_with_debugging_a_page_names_the_file_as_it_is_now(app, client, monkeypatch, tmp_path):
    def style():
        return client.get("/login").page.find("link", rel="stylesheet")["href"]

    built = style()
    app.debug = True
    monkeypatch.setattr("app.web.page.assets.SOURCE", tmp_path)
    for name in NAMES:
        (tmp_path / name).touch()
    first = style()
    os.utime(tmp_path / "style.css", (1, 1))

    assert first.startswith("/static/style.css?")
    assert len({built, first, style()}) == 3
