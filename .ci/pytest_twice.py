"""Run pytest, and up to three failed tests once more by themselves, which it names: pytest_twice.py ARGUMENTS.

The exit code is pytest's own. Machines of continuous integration are shared and stand still at times, which must not
cost a run of half an hour; what held only the second time is named, so that it gets mended.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

MOST = 3
FAILED = 1
"""The exit code of pytest when it has run all tests, and some have failed."""


def main(arguments: list[str]) -> int:
    """Return the exit code of the last run; errors of collection and more failures end the first one as usual."""
    with TemporaryDirectory() as cache:
        command = [str(Path(sys.executable).with_name("pytest")), *arguments, "-o", f"cache_dir={cache}"]
        code = subprocess.run(command, check=False).returncode  # noqa: S603  (the arguments of make)
        record = Path(cache, "v/cache/lastfailed")
        if code != FAILED or not record.exists():
            return code
        failed = sorted(json.loads(record.read_text()))
        # A file that can not be collected stands there without the name of a test.
        if not failed or len(failed) > MOST or not all("::" in name for name in failed):
            return code
        alone = ["-n", "1"] if "-n" in arguments else []
        code = subprocess.run([*command, "--last-failed", *alone], check=False).returncode  # noqa: S603
    outcome = "held when run alone" if code == 0 else "failed again, or another one of them did"
    for name in failed:
        print(f"!!! failed at first, {outcome}: {name}")  # noqa: T201
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
