"""Run the benchmarks and write their tables into docs/performance.md."""

import argparse
import importlib
import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

REPORT = Path(__file__).parent.parent / "docs" / "performance.md"
SECTIONS = ("pages", "search", "suggestions", "lookup", "imports", "exchange", "shelf", "digests", "floors")


def main() -> None:
    """Run the named sections, or all by default; the others keep their previous figures."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="NAME", help=", ".join(SECTIONS))
    names = parser.parse_args().sections or SECTIONS
    for name in names:
        if name not in SECTIONS:
            parser.error(f"{name} is none of {', '.join(SECTIONS)}")
        table = importlib.import_module(f"bench.{name}").section()
        print(table, flush=True)
        write_section(name, table)


def write_section(name: str, table: str) -> None:
    """Replace the section between its markers in the report."""
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    dated = f"Measured {datetime.now(UTC):%Y-%m-%d} on {machine}.\n\n{table.strip()}\n"
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    text, found = marked.subn(lambda mark: mark[1] + dated + mark[2], REPORT.read_text(encoding="utf-8"))
    if not found:
        raise SystemExit(f"{REPORT.name} has no place marked for {name}")
    REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
