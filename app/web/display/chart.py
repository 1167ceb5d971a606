"""Charts as pages draw them: where lines and bars run in an SVG, without any script."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask

LEFT, RIGHT, TOP, BOTTOM = 40, 316, 8, 112
"""The inner edges of a line chart of 320 × 132 units."""
BAR = 100
"""The width of the longest bar."""
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Line:
    """One line: its label, its values, and the parts that can be drawn, each as the `points` of a polyline."""

    label: str
    values: Sequence[float | None]
    parts: list[str]


@dataclass(frozen=True)
class Tick:
    """A line of the grid: its value, and how far from the top it is."""

    value: float
    place: float


@dataclass(frozen=True)
class LineChart:
    """Lines over time; `times` are in Unix seconds, one for each value of a line."""

    times: Sequence[int]
    lines: list[Line]
    ticks: list[Tick]


def line_chart(times: Sequence[int], series: Sequence[tuple[str, Sequence[float | None]]]) -> LineChart:
    """Return a chart of some series, each a label and its values, that begins at zero."""
    highest = max((value for _, values in series for value in values if value is not None), default=0)
    top = round_top(highest)

    def height(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * value / top, 1)

    lines = [Line(label, values, _parts(times, values, height)) for label, values in series]
    return LineChart(times, lines, [Tick(value, height(value)) for value in (0, top / 2, top)])


def round_top(highest: float) -> float:
    """Return the least of 1, 2, 5, 10, 20, 50, … or of 0.01, 0.02, … that is not below a value."""
    power = 0.01
    while True:
        for step in STEPS:
            if step * power >= highest:
                return round(step * power, 2)
        power *= 10


def _parts(times: Sequence[int], values: Sequence[float | None], height: Callable[[float], float]) -> list[str]:
    """Return the points of each run of known values; a value alone is a short stroke."""
    length = max(times[-1] - times[0], 1) if times else 1
    runs: list[list[str]] = [[]]
    for time, value in zip(times, values, strict=True):
        if value is None:
            runs.append([])
        else:
            across = LEFT + (RIGHT - LEFT) * (time - times[0]) / length
            runs[-1].append(f"{across:.1f},{height(value)}")
    return [" ".join(run if len(run) > 1 else [run[0], _beside(run[0])]) for run in runs if run]


def _beside(point: str) -> str:
    across, _, down = point.partition(",")
    return f"{float(across) + 2:.1f},{down}"


def bar_length(value: float, highest: float) -> float:
    """Return how long a bar is; something that is not nothing can be seen."""
    return max(1.0, round(BAR * value / highest, 1)) if value > 0 and highest > 0 else 0.0


def init_app(app: Flask) -> None:
    """Make the length of bars available to templates."""
    app.jinja_env.filters["bar_length"] = bar_length
