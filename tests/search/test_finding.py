import subprocess
import sys
from pathlib import Path

import pytest

from tests.search.conftest import STARTER_BOOKS


@pytest.mark.slow
def test_the_benchmark_asks_for_the_starter_books_in_many_ways(tmp_path):
    command = [sys.executable, "-m", "bench.finding", str(STARTER_BOOKS), "--folder", str(tmp_path), "--seed", "5"]
    report = subprocess.run(command, cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True).stdout

    assert "| zh exact title | 9 | 9 | 9 |" in report
    assert "| en typo, letter missing | 9 |" in report
    assert "queries of" in report
