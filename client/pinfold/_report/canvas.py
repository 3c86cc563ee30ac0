"""Charts as SVG that belongs to the page around it: its text colour, its ids, nothing from outside."""

import io
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from pinfold._report.texts import plain

#: Drawn in this colour, the page's text colour in the file: charts follow the light or dark scheme of the reader.
INK = "#010203"
#: Legible on white and on near black; in this order, those with no red and green beside each other first.
COLOURS = ("#3b82c4", "#e08214", "#7a5fc0", "#1f9e89", "#d1495b", "#9a8f2f", "#c2588f", "#6b7f8e")
GREY = "#8a9299"
RIGHT, WRONG = "#3b82c4", "#e08214"

_STYLE: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": INK,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.unicode_minus": False,
    "font.size": 9,
    "grid.alpha": 0.18,
    "grid.color": INK,
    # Text stays text: it can be searched, selected and read aloud, and needs no outlines of glyphs.
    "svg.fonttype": "none",
    # The same findings give the same bytes.
    "svg.hashsalt": "pinfold",
    "text.color": INK,
    # A label named "$x_{" is a name, not a formula.
    "text.parse_math": False,
    "xtick.color": INK,
    "ytick.color": INK,
}
_PIXELS_A_POINT = 1.5
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A colour and what it stands for; told by the page, which wraps and escapes names of any length."""

    colour: str
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """What a chart says in words. `key` names it in the page (`chart-KEY`), `alternative` is for who cannot see it."""

    key: str
    title: str
    caption: str
    alternative: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, to be put into a page as it is, with its words and its legend."""

    words: Words
    svg: str
    legend: tuple[LegendEntry, ...]


def draw(words: Words, size: tuple[float, float], paint: Callable[[Figure], tuple[LegendEntry, ...]]) -> Chart:
    """A chart of `size` inches, drawn by `paint`, which gives the entries of its legend."""
    # The style is process-wide while it holds; a figure without pyplot touches nothing else of matplotlib's state.
    with matplotlib.rc_context(_STYLE), warnings.catch_warnings():
        # Only the width of such a glyph is guessed: the reader's own fonts show it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasSVG(figure)
        legend = paint(figure)
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", transparent=True, metadata=_NO_METADATA)
    return Chart(words, _embed(drawn.getvalue(), words), legend)


def unit_axes(axes: Axes, across: str, up: str) -> None:
    """Axes of two figures from 0 to 1."""
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(-0.01, 1.02)
    axes.set_xlabel(across)
    axes.set_ylabel(up)


def name(label: str, width: int = 34) -> str:
    """A label for the edge of a chart: one line, its end kept when it is long, as the end tells labels apart."""
    line = " ".join(plain(label).split())
    return line if len(line) <= width else "…" + line[1 - width :]


def _embed(document: str, words: Words) -> str:
    """The drawing as HTML wants it: no namespaces, no style of its own, ids that no other chart has."""
    root = ET.fromstring(document)
    for parent in root.iter():
        parent.tag = _local(parent.tag)
        for child in [child for child in parent if _local(child.tag) in ("metadata", "style")]:
            parent.remove(child)
        parent.attrib = {_local(key): _own(_local(key), value, words.key) for key, value in parent.attrib.items()}
    # Letters have one size in all charts; the page makes wider ones narrower.
    width = float(root.attrib["viewBox"].split()[2]) * _PIXELS_A_POINT
    root.attrib = {
        "viewBox": root.attrib["viewBox"],
        "width": f"{width:.0f}",
        "role": "img",
        "aria-label": words.alternative,
    }
    return ET.tostring(root, encoding="unicode")


def _local(qualified: str) -> str:
    return qualified.rpartition("}")[2]


def _own(key: str, value: str, chart: str) -> str:
    if key == "id":
        return f"{chart}-{value}"
    if key == "href":
        return value.replace("#", f"#{chart}-", 1)
    return value.replace("url(#", f"url(#{chart}-").replace(INK, "currentColor")
