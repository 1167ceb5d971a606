"""Builds an index in another process (`python -m app.search.write.build_process`), so that web processes stay fast."""

import pickle  # nosec B403
import subprocess  # nosec B404
import sys
from pathlib import Path

from app.search.write.build import BuildFailed, build_index
from app.search.write.lock import IndexBusy
from app.search.write.source import BookSource

_ROOT = Path(__file__).parents[3]
_BUSY = 75


def build_in_process(path: Path, source: BookSource) -> None:
    """Build, and wait until it is done; raises `IndexBusy` or `BuildFailed`.

    The build continues even if the waiting process is ended.
    """
    command = [sys.executable, "-m", "app.search.write.build_process"]
    order = pickle.dumps((path.absolute(), source))
    done = subprocess.run(command, input=order, cwd=_ROOT, stderr=subprocess.PIPE, check=False)  # noqa: S603  # nosec B603
    if done.returncode == _BUSY:
        raise IndexBusy(f"{path} is being written by another process")
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise BuildFailed(said[-1] if said else f"the process that builds {path} ended with {done.returncode}")


def _main() -> None:
    # Sent by the process that started this one.
    path, source = pickle.load(sys.stdin.buffer)  # noqa: S301  # nosec B301
    try:
        build_index(path, source)
    except IndexBusy:
        sys.exit(_BUSY)
    except BuildFailed as error:
        sys.exit(str(error))


if __name__ == "__main__":
    _main()
