"""A line chart as SVG, without a plotting library."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 60, 150, 40, 50
COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf")


@dataclass(frozen=True, slots=True)
class Curve:
    """A named line through points; `xs` rising."""

    name: str
    xs: Sequence[float]
    ys: Sequence[float]


def draw(title: str, curves: Sequence[Curve]) -> str:
    """The chart; both axes fit the curves, which must have two points at least."""
    xs = [x for curve in curves for x in curve.xs]
    ys = [y for curve in curves for y in curve.ys]
    frame = _Frame(min(xs), max(xs), min(ys), max(ys))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="24" font-size="15">{escape(title)}</text>',
        *_grid(frame, sorted(set(xs))),
        *(_line(frame, curve, COLOURS[place % len(COLOURS)], place) for place, curve in enumerate(curves)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


@dataclass(frozen=True, slots=True)
class _Frame:
    """Ranges of the data."""

    x_min: float
    x_max: float
    y_min: float
    y_max: float

    def x(self, value: float) -> float:
        return LEFT + (value - self.x_min) / (self.x_max - self.x_min) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (value - self.y_min) / (self.y_max - self.y_min) * (HEIGHT - TOP - BOTTOM)


def _grid(frame: _Frame, xs: Sequence[float]) -> list[str]:
    levels = [frame.y_min + (frame.y_max - frame.y_min) * step / 5 for step in range(6)]
    lines = [
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{frame.y(level):.1f}" y2="{frame.y(level):.1f}" stroke="#ddd"/>'
        f'<text x="{LEFT - 8}" y="{frame.y(level) + 4:.1f}" text-anchor="end">{level:.2f}</text>'
        for level in levels
    ]
    return lines + [
        f'<text x="{frame.x(x):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{x:g}</text>' for x in xs
    ]


def _line(frame: _Frame, curve: Curve, colour: str, place: int) -> str:
    points = " ".join(f"{frame.x(x):.1f},{frame.y(y):.1f}" for x, y in zip(curve.xs, curve.ys, strict=True))
    legend = TOP + 20 * place
    return (
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        f'<line x1="{WIDTH - RIGHT + 14}" x2="{WIDTH - RIGHT + 34}" y1="{legend}" y2="{legend}" stroke="{colour}"'
        f' stroke-width="2"/><text x="{WIDTH - RIGHT + 40}" y="{legend + 4}">{escape(curve.name)}</text>'
    )
