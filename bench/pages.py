"""Pages compared with a bare Flask "hello" on the same server."""

import random
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from cryptography.fernet import Fernet
from sqlalchemy import create_engine, insert

from app.models.book import Book
from app.models.work import Work
from app.rules.book.work_key import VERSION
from bench.catalogue import Catalogue, MadeBook
from bench.server import ROOT, SECONDS, WORKERS, median_with_floor, memory_at, requests_per_second, serve

BOOKS = 100_000
TERMS = 20_000
MEMORY_GOALS = (150, 200)  # MB of a web process, after its start and after 10,000 requests
REQUESTS = 10_000
GOALS = {"front page, 30 books": 0.5, "book detail": 0.4, "keyword search, new terms": 0.25}


def section() -> str:
    """Return the table of pages."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = production(folder)
        sample = prepare(folder, environ)
        with serve("bench.hello:app", {}) as hello, serve("fisher:app", environ) as site:
            addresses: dict[str, tuple[str, Path | None]] = {
                "front page, 30 books": (f"{site}/", None),
                "book detail": (f"{site}/book/{sample[0].isbn}/detail", None),
                "keyword search, new terms": (site, _script_of_terms(folder, sample)),
            }
            memory = _memory(site, addresses["keyword search, new terms"][1])
            rows = [_row(name, *address, f"{hello}/") for name, address in addresses.items()]
    head = f"| {BOOKS:,} books, not logged in | requests/s | of hello | at least |\n|---|---|---|---|\n"
    return head + "\n".join(rows) + f"\n\n{memory}"


def _memory(site: str, terms: Path | None) -> str:
    """Return a line on the memory of one of the web processes that share the requests."""
    address = site.removeprefix("http://")
    idle, asked = memory_at(address), 0.0
    while asked < WORKERS * REQUESTS:
        asked += SECONDS * requests_per_second(site, terms)
    after = memory_at(address)
    return (
        f"A web process takes {idle:.0f} MB idle and {after:.0f} MB after {asked / WORKERS:,.0f} searches, "
        f"mapped pages included (at most {MEMORY_GOALS[0]} and {MEMORY_GOALS[1]})."
    )


def _row(name: str, url: str, script: Path | None, floor: str) -> str:
    rate, ratio = median_with_floor(url, floor, script)
    return f"| {name} | {rate:.0f} | {ratio:.2f} | {GOALS[name]} |"


def production(folder: Path) -> dict[str, str]:
    """Return the environment of a production site in a folder, without rate limits."""
    return {
        "FISHER_ENV": "production",
        "FISHER_SECRET_KEY": "a key for the benchmark, never for readers",
        "FISHER_FIELD_KEYS": Fernet.generate_key().decode(),
        "FISHER_SITE_URL": "https://127.0.0.1",
        "FISHER_SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'fisher.db'}",
        "FISHER_SEARCH_INDEX_PATH": str(folder / "search.db"),
        "FISHER_RATELIMIT_ENABLED": "no",
    }


def prepare(folder: Path, environ: dict[str, str], count: int = BOOKS) -> list[MadeBook]:
    """Create the database and the index; return a sample of the books."""
    flask(environ, "db", "upgrade")
    engine = create_engine(f"sqlite:///{folder / 'fisher.db'}")
    books, sample = enumerate(Catalogue().books(count), 1), []
    with engine.begin() as connection:
        while batch := list(islice(books, 5_000)):
            connection.execute(insert(Work), [{"id": number} for number, _ in batch])
            rows = [book.as_row() | {"work_id": number, "work_version": VERSION} for number, book in batch]
            connection.execute(insert(Book), rows)
            sample += [book for _, book in batch[::10]]
    engine.dispose()
    flask(environ, "search", "build")
    return sample


def flask(environ: dict[str, str], *command: str) -> str:
    """Run a command of the site, which must succeed, and return what it says."""
    full = [sys.executable, "-m", "flask", "--app", "fisher", *command]
    return subprocess.run(full, cwd=ROOT, env=environ, check=True, capture_output=True, text=True).stdout.strip()


def _script_of_terms(folder: Path, sample: list[MadeBook]) -> Path:
    """Write a wrk script that sends a different query each time."""
    draw = random.Random(7)
    terms = ", ".join(f'"{quote(_term(draw, draw.choice(sample)))}"' for _ in range(TERMS))
    script = folder / "terms.lua"
    script.write_text(
        f"local terms = {{{terms}}}\n"
        "local at = os.time() % #terms\n"
        "request = function()\n"
        "  at = at % #terms + 1\n"
        '  return wrk.format("GET", "/book/search?q=" .. terms[at])\n'
        "end\n",
        encoding="utf-8",
    )
    return script


def _term(draw: random.Random, book: MadeBook) -> str:
    """Return a query that finds this book and usually a page full of others."""
    if book.language == "zh":
        start = draw.randrange(max(1, len(book.title) - 2))
        return book.title[start : start + 2]
    return draw.choice(book.title.split())
