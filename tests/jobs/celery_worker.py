"""A Celery worker in a separate process."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def celery_worker(settings, folder):
    """Run a worker with its beat in a separate process, until the block ends."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FISHER_")}
    environment |= {f"FISHER_{name}": str(value) for name, value in settings.items()}
    environment |= {"FISHER_ENV": "testing", "FISHER_SEARCH_KEEPER": "no"}
    command = [sys.executable, "-m", "celery", "--app", "fisher_celery", "worker", "--beat", "--pool", "solo"]
    with (folder / "celery.log").open("wb") as log:
        arguments = [*command, "--schedule", str(folder / "beat")]
        worker = subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(30)
