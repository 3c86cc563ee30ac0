"""The page of a report: one HTML file without scripts that loads nothing.

Labels, ids and texts are those of strangers. They reach the page through the template's escaping alone, or as text of
a drawing; should that ever fail, the page's content policy lets no script run and nothing be fetched.
"""

from collections.abc import Iterable

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pinfold._comparison_types import OperatingPoint
from pinfold._ratings import RatingAction
from pinfold._report.canvas import Chart
from pinfold._report.comparison_charts import comparison_charts, figures_of
from pinfold._report.findings import FLIPS_LISTED, Findings
from pinfold._report.model_charts import model_charts
from pinfold._report.quality_charts import quality_charts
from pinfold._report.texts import change, figure, plain, quantity, short, words


def render(findings: Findings) -> str:
    """The whole page."""
    charts = {chart.words.key: chart for chart in _charts(findings)}
    comparison = findings.comparison
    return _TEMPLATES.get_template("page.html").render(
        findings=findings,
        info=findings.info,
        validation=findings.validation,
        comparison=comparison,
        comparison_figures=() if comparison is None else figures_of(comparison.figures),
        charts=charts,
        flips_listed=FLIPS_LISTED,
    )


def _charts(findings: Findings) -> Iterable[Chart]:
    yield from model_charts(findings)
    yield from quality_charts(findings.validation)
    if findings.comparison is not None:
        yield from comparison_charts(findings.comparison.figures)


def _drawing(chart: Chart) -> Markup:
    """The one thing that is not escaped: matplotlib escaped its texts, and it was parsed as XML since."""
    return Markup(chart.svg)


def _listed(labels: Iterable[str]) -> str:
    return ", ".join(map(plain, labels)) or "none"


def _point(point: OperatingPoint | None) -> str:
    return "–" if point is None else f"{point.threshold:.2f}: {point.precision:.2f}, {point.recall:.2f}"


def _to_do(action: RatingAction) -> str:
    """Such as "teach Billing > Refund"."""
    return words(action.mode) if action.label is None else f"{words(action.mode)} {plain(action.label)}"


def _templates() -> Environment:
    # The loader reads the folder beside this module, in a wheel and in a checkout alike.
    made = Environment(
        loader=PackageLoader("pinfold._report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    made.filters |= {
        "change": change,
        "drawing": _drawing,
        "figure": figure,
        "listed": _listed,
        "plain": plain,
        "point": _point,
        "quantity": quantity,
        "short": short,
        "to_do": _to_do,
        "words": words,
    }
    return made


_TEMPLATES = _templates()
