"""A gunicorn server on a free port, and wrk to load it."""

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
WORKERS, THREADS, CONNECTIONS = 2, 4, 8
SECONDS = 4
STARTUP_SECONDS = 30


def free_port() -> int:
    """Return a free port below the range of outgoing connections."""
    for port in range(21000, 32000):
        with closing(socket.socket()) as attempt:
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port between 21000 and 32000")


@contextmanager
def serve(application: str, environ: Mapping[str, str]) -> Iterator[str]:
    """Serve a WSGI application and yield its URL."""
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "gunicorn", application, "--bind", address, "--worker-class", "gthread"]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--log-level", "error"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | dict(environ), stderr=subprocess.DEVNULL) as server:
        try:
            _wait_until_up(f"http://{address}/healthz", server)
            yield f"http://{address}"
        finally:
            server.terminate()


def _wait_until_up(url: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"no answer from {url}")


def requests_per_second(url: str, script: Path | None = None) -> float:
    """Request one URL for some seconds; every response must be 2xx."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise SystemExit("wrk is missing (Debian: apt install wrk)")
    command = [wrk, "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{SECONDS}s", url]
    if script:
        command[1:1] = ["--script", str(script)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
        raise RuntimeError(f"{url}: not every answer was 2xx\n{output}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if found is None:
        raise RuntimeError(output)
    return float(found[1])


def memory_at(address: str) -> float:
    """Return the memory in MB of the largest process that serves a URL (Linux): its PSS.

    Resident memory would count the pages of the mapped index once for each thread.
    """
    resident = [0]
    for status in Path("/proc").glob("[0-9]*/smaps_rollup"):
        try:
            if address.encode() in status.with_name("cmdline").read_bytes():
                resident += map(int, re.findall(r"^Pss:\s+(\d+)", status.read_text(), re.MULTILINE))
        except OSError:  # it has exited in the meantime
            continue
    return max(resident) / 1024


def median_with_floor(page: str, floor: str, script: Path | None = None, runs: int = 3) -> tuple[float, float]:
    """Return the median requests/s of a page, and the median of the paired ratios to the floor."""
    pairs = [(requests_per_second(floor), requests_per_second(page, script)) for _ in range(runs)]
    return statistics.median(b for _, b in pairs), statistics.median(b / a for a, b in pairs)
