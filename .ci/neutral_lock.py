"""Make Pipfile.lock the same wherever it is renewed: no index, and the hash of a machine without settings of pip.

Run by `make lock` with pipenv's own Python, an empty HOME and `PIP_CONFIG_FILE=/dev/null`; pipenv counts the indexes
that pip knows into the hash, so that on any other machine `pipenv verify` would call the lock out of date.
"""

import json
from pathlib import Path

from pipenv.project import Project

LOCK = Path(__file__).parents[1] / "Pipfile.lock"

lock = json.loads(LOCK.read_text(encoding="utf-8"))
lock["_meta"]["hash"]["sha256"] = Project().pipfile.calculate_hash()
lock["_meta"]["sources"] = []
for section in lock.keys() - {"_meta"}:
    for package in lock[section].values():
        package.pop("index", None)
LOCK.write_text(json.dumps(lock, indent=4, sort_keys=True) + "\n", encoding="utf-8")
