"""A small line chart as SVG, both axes logarithmic."""

from math import ceil, floor, log10
from pathlib import Path

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 400, 90, 190, 30, 50
_COLOURS = ("#1b7f5c", "#2f6fb3", "#b3672f", "#a3324a", "#6b4fa0")

Line = list[tuple[float, float]]


def draw(path: Path, title: str, lines: dict[str, Line], across: str = "books", up: str = "ms") -> None:
    """Write a chart of named lines of (x, y), all above zero; x is so many of `across`, y of `up`."""
    xs = [log10(x) for line in lines.values() for x, _ in line]
    ys = [log10(y) for line in lines.values() for _, y in line]
    x_range, y_range = (floor(min(xs)), max(ceil(max(xs)), floor(min(xs)) + 1)), (floor(min(ys)), ceil(max(ys)))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif">',
        "<style>text { font-size: 12px }</style>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_LEFT}" y="18">{title}</text>',
    ]

    def place(x: float, y: float) -> tuple[float, float]:
        right = (x - x_range[0]) / (x_range[1] - x_range[0])
        high = (y - y_range[0]) / (y_range[1] - y_range[0])
        return _LEFT + right * (_WIDTH - _LEFT - _RIGHT), _HEIGHT - _BOTTOM - high * (_HEIGHT - _TOP - _BOTTOM)

    for power in range(x_range[0], x_range[1] + 1):
        x, y = place(power, y_range[0])
        parts.append(f'<path d="M{x:.0f} {_TOP}V{y:.0f}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.0f}" y="{y + 20:.0f}" text-anchor="middle">{10**power:,} {across}</text>')
    for power in range(y_range[0], y_range[1] + 1):
        x, y = place(x_range[0], power)
        parts.append(f'<path d="M{x:.0f} {y:.0f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{x - 8:.0f}" y="{y + 4:.0f}" text-anchor="end">{10.0**power:,g} {up}</text>')
    for number, (name, line) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        points = [place(log10(x), log10(y)) for x, y in line]
        parts.append(
            f'<polyline fill="none" stroke="{colour}" stroke-width="2" '
            f'points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'
        )
        x, y = points[-1]
        parts.append(f'<text x="{x + 8:.0f}" y="{y + 4:.0f}" fill="{colour}">{name}</text>')
    path.write_text("\n".join([*parts, "</svg>\n"]), encoding="utf-8")
