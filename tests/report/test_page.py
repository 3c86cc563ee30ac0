"""The page of a report: whole, well-formed, readable without a network, and safe with whatever people write."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinfold._report.findings import Findings
from pinfold._report.texts import plain
from pinfold._report.writing import renderer
from tests.report.samples import HOSTILE, findings

VERSION_CHARTS = {
    "chart-rating": "What the rating is made of",
    "chart-precision-recall": "Precision and recall",
    "chart-calibration": "Calibration",
    "chart-scores": "Probabilities of all labels",
    "chart-label-scores": "Probabilities of the weakest labels",
    "chart-confusions": "What is taken for what",
    "chart-projection": "Held-out documents in a plane",
}
COMPARISON_CHARTS = {
    "chart-figure-changes": "Changes of the whole",
    "chart-label-changes": "Changes of F1 by label",
    "chart-flips": "Answers that flipped",
}
ALLOWED = {
    *("", "#text", "html", "head", "meta", "title", "style", "body", "header", "main", "nav"),
    *("h1", "h2", "h3", "p", "a", "dl", "dt", "dd", "div", "span", "strong", "code", "bdi", "ol", "ul", "li"),
    *("table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption"),
    *("svg", "g", "defs", "clippath", "path", "use", "rect", "text"),
}
VOID = {"meta"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self) -> list["Element"]:
        return [self, *(found for child in self.children for found in child.all())]

    def words(self) -> str:
        return self.text + "".join(child.words() for child in self.children)


class Tree(HTMLParser):
    """Reads a page strictly: every element is closed where it was opened."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]
        self.feed(page)
        self.close()
        assert [element.tag for element in self.open] == [""]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attributes})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(Element("#text", {}, text=data))


def elements(found: Findings) -> list[Element]:
    return Tree(renderer()(found)).root.all()


def by_id(page: Sequence[Element]) -> dict[str, Element]:
    return {element.attributes["id"]: element for element in page if "id" in element.attributes}


@pytest.fixture(scope="module")
def hostile() -> list[Element]:
    return elements(findings(HOSTILE))


def test_every_chart_is_there_with_its_title_and_something_drawn(hostile: list[Element]) -> None:
    found = by_id(hostile)
    assert {name for name in found if name.startswith("chart-")} == VERSION_CHARTS.keys() | COMPARISON_CHARTS.keys()
    for name, title in (VERSION_CHARTS | COMPARISON_CHARTS).items():
        parts = found[name].all()
        assert next(part for part in parts if part.tag == "h3").words() == title
        drawing = next(part for part in parts if part.tag == "svg")
        assert drawing.attributes["role"] == "img"
        assert drawing.attributes["aria-label"]
        assert sum(part.tag in ("path", "use") for part in drawing.all()) > 10
        assert any(part.tag == "text" for part in drawing.all())
        assert next(part for part in parts if part.tag == "figcaption").words()


def test_ids_occur_once_and_everything_referred_to_is_in_the_page(hostile: list[Element]) -> None:
    ids = [element.attributes["id"] for element in hostile if "id" in element.attributes]
    assert len(set(ids)) == len(ids)
    for element in hostile:
        for name, value in element.attributes.items():
            if name in ("href", "xlink:href"):
                assert value.startswith("#")
                assert value[1:] in ids
            if "url(" in value:
                assert value.split("url(#")[1].rstrip(")") in ids


def test_nothing_is_loaded_from_anywhere(hostile: list[Element]) -> None:
    assert not [element for element in hostile if {"src", "srcset", "data", "action"} & element.attributes.keys()]
    style = next(element for element in hostile if element.tag == "style").words()
    assert "url(" not in style
    assert "@import" not in style
    policy = next(element for element in hostile if "http-equiv" in element.attributes).attributes["content"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_what_strangers_wrote_is_text_and_nothing_else(hostile: list[Element]) -> None:
    assert {element.tag for element in hostile} <= ALLOWED
    assert not [name for element in hostile for name in element.attributes if name.startswith("on")]
    found = by_id(hostile)
    cells = [element.words() for element in found["label-table"].all() if element.tag == "bdi"]
    assert cells == [plain(label) for label in HOSTILE]
    flips = found["flip-table"].words()
    for label in HOSTILE:
        assert " ".join(plain(f"text of {label}").split()) in flips
    assert "{{ 7 * 7 }} {% raw %}" in flips
    assert "<script>alert(1)</script> is vague" in found["actions"].words()


def test_labels_say_whether_their_figures_can_be_relied_on(hostile: list[Element]) -> None:
    *others, last = [element for element in by_id(hostile)["label-table"].all() if element.tag == "tr"]
    assert last.attributes["class"] == "doubtful"
    assert "not reliable, 13 missing" in last.words()
    assert not [row for row in others if "not reliable" in row.words()]
    unmeasured = others[-1]
    assert unmeasured.words().count("–") == 6


def test_a_comparison_tells_verdict_intervals_thresholds_and_flips(hostile: list[Element]) -> None:
    found = by_id(hostile)
    assert found["verdict"].attributes["class"] == "verdict better"
    assert found["verdict"].words().startswith("Version 7 is better than version 5")
    assert "+0.050 to +0.150" in found["figure-table"].words()
    assert "(was old <i>name</i>)" in found["change-table"].words()
    assert "0.40: 0.90, 0.80" in found["threshold-table"].words()
    kinds = [element.words() for element in found["flip-table"].all() if element.attributes.get("class") == "gain"]
    assert kinds == ["fixed"] * 4


def test_a_report_of_one_version_says_nothing_of_others() -> None:
    found = by_id(elements(findings(compared=False)))
    assert {name for name in found if name.startswith("chart-")} == VERSION_CHARTS.keys()
    assert not {"comparison", "verdict", "flipped"} & found.keys()


def test_a_version_of_which_only_figures_are_left_has_no_charts_and_says_why() -> None:
    full = findings(("one", "two"), compared=False)
    bare = replace(
        full.validation, detailed=False, curve=None, calibration=None, confusions=(), all_labels=None, leaf_labels=None
    )
    labels = tuple(replace(label, curve=None, calibration=None, quality=None) for label in bare.labels)
    page = elements(replace(full, validation=replace(bare, labels=labels), rating=None, projection=None))
    assert not [name for name in by_id(page) if name.startswith("chart-")]
    text = page[0].words()
    assert "Only the figures of this version are left" in text
    assert "The rating needs the held-out documents" in text


def test_the_same_findings_give_the_same_bytes() -> None:
    render = renderer()
    assert render(findings(compared=False)) == render(findings(compared=False))


@settings(max_examples=5, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=40), min_size=3, max_size=3, unique=True))
def test_any_text_can_be_a_label(labels: list[str]) -> None:
    page = elements(findings(labels))
    cells = [element.words() for element in by_id(page)["label-table"].all() if element.tag == "bdi"]
    assert cells == [plain(label) for label in labels]
