"""Importing a catalogue dump into SQLite: the rate, and the memory at two sizes."""

import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from bench.server import ROOT

SIZES = (20_000, 200_000)
GOAL = 10_000  # books a second
MEMORY_GOAL = 20  # MB between the two sizes

_WORDS = ("river", "stone", "garden", "winter", "letters", "history", "small", "house", "light", "night", "road", "sea")
_HAN = "海边风城山水月光夜雨人生时间小红大地春秋书信花园故事中国历史文学"

# Runs a command as `flask` does, and prints the time and memory that it and its child process used. Memory is in kB;
# its own is read from /proc, because `getrusage` would count what the process had before its `exec`.
_TIMED = """
import re, resource, runpy, time
began = time.monotonic()
try:
    runpy.run_module("flask", run_name="__main__")
finally:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu_seconds = sum(one.ru_utime + one.ru_stime for one in used)
    own_memory = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]
    print("took", time.monotonic() - began, cpu_seconds, max(int(own_memory), used[1].ru_maxrss))
"""


def section() -> str:
    """Return the table of imports."""
    return f"{table(SIZES)}\n| at least | {GOAL} | | {MEMORY_GOAL} MB more at most | |"


def table(sizes: Iterable[int]) -> str:
    """Return the time and memory of an import of each size; its files are removed before the next one."""
    rows = ["| lines of a dump | books/s | of CPU time | peak memory | once more, lines/s |", "|---|---|---|---|---|"]
    for lines in sizes:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(_row(Path(folder), lines))
    return "\n".join(rows)


def write_dump(folder: Path, lines: int) -> list[Path]:
    """Write the editions and the authors of a synthetic dump; the same in every call."""
    editions, authors = folder / f"editions_{lines}.txt.gz", folder / f"authors_{lines}.txt"
    with gzip.open(editions, "wt", compresslevel=1, encoding="utf-8") as file:
        file.writelines(_dump_line("edition", f"/books/OL{n}M", _edition(n)) for n in range(lines))
    with authors.open("w", encoding="utf-8") as file:
        file.writelines(_dump_line("author", f"/authors/OL{n}A", _author(n)) for n in range(lines // 4))
    return [editions, authors]


def _dump_line(kind: str, key: str, record: dict[str, object]) -> str:
    whole = record | {"key": key, "type": {"key": f"/type/{kind}"}, "revision": 1}
    return f"/type/{kind}\t{key}\t1\t2020-04-24T18:09:47.197943\t{json.dumps(whole)}\n"


def _author(n: int) -> dict[str, object]:
    return {"name": _han(n * 7, 3) if n % 2 else f"{_word(n * 5).title()} {_word(n // 3).title()}{_letters(n)}"}


def _edition(n: int) -> dict[str, object]:
    is_chinese = n % 2
    body = f"{'9787' if is_chinese else '9780'}{n * 37 % 10**8:08d}"
    weighted = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(body))
    words = " ".join(_word(n * k) for k in range(3, 8))
    return {
        "title": _han(n, 4 + n % 6) if is_chinese else words.capitalize(),
        "subtitle": "" if n % 3 else f"a study of {_word(n * 11)}",
        "isbn_13": [body + str(-weighted % 10)],
        "publishers": [f"{_han(n % 900, 2)}出版社" if is_chinese else f"{_word(n % 900).title()} House {n % 900}"],
        "publish_date": f"October {1 + n % 28}, {1950 + n % 70}" if n % 4 else str(1950 + n % 70),
        "number_of_pages": 100 + n % 500,
        "physical_format": "Paperback",
        "languages": [{"key": "/languages/chi" if is_chinese else "/languages/eng"}],
        "authors": [{"key": f"/authors/OL{n // 4}A"}],
        "works": [{"key": f"/works/OL{n}W"}],
        "description": {"type": "/type/text", "value": _han(n * 3, 60) if is_chinese else f"{words}. " * 4},
        "subjects": [f"{_word(n * k)} -- {_word(n + k)}" for k in range(8)],
        "covers": [n + 1],
        "source_records": [f"marc:made_up/{n}:{n * 700}:700"],
        "created": {"type": "/type/datetime", "value": "2009-02-18T18:42:07.162489"},
        "last_modified": {"type": "/type/datetime", "value": "2020-04-24T18:09:47.197943"},
    }


def _word(n: int) -> str:
    return f"{_WORDS[n % len(_WORDS)]}{'' if n % 5 else chr(97 + n % 26)}"


def _letters(n: int) -> str:
    return "".join(chr(97 + n // 26**place % 26) for place in range(4))


def _han(n: int, length: int) -> str:
    return "".join(_HAN[(n * (place + 3) + place * place) % len(_HAN)] for place in range(length))


def _row(folder: Path, lines: int) -> str:
    files = [str(path) for path in write_dump(folder, lines)]
    environ = os.environ | {
        "FISHER_SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / f'{lines}.db'}",
        "FISHER_SEARCH_INDEX_PATH": str(folder / "search.db"),
        "FISHER_IMPORTS_PATH": str(folder / "imports"),
    }
    run_flask(["db", "upgrade"], environ)
    first = run_flask(["books", "import", *files], environ)
    again = run_flask(["books", "import", *files], environ)
    for run, stored, known in ((first, lines, 0), (again, 0, lines)):
        if f"{lines + lines // 4} lines: {stored} stored, {known} already there" not in run.output:
            raise RuntimeError(run.output)
    rates = (f"{lines / seconds:.0f}" for seconds in (first.seconds, first.cpu_seconds))
    return f"| {lines} | {' | '.join(rates)} | {first.memory:.0f} MB | {lines / again.seconds:.0f} |"


class Run(NamedTuple):
    """The output, time and memory of a command; the memory is the peak in MB of the larger of its two processes."""

    output: str
    seconds: float
    cpu_seconds: float
    memory: float


def run_flask(arguments: list[str], environ: dict[str, str]) -> Run:
    """Run a command that must succeed."""
    command = [sys.executable, "-c", _TIMED, "--app", "fisher", *arguments]
    output = subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True).stdout
    found = re.search(r"^took ([\d.]+) ([\d.]+) (\d+)$", output, re.MULTILINE)
    if found is None:
        raise RuntimeError(output)
    return Run(output, float(found[1]), float(found[2]), int(found[3]) / 1024)
