"""`pinfold explain` against a real server, and the colours of its words."""

import json

import pytest
from typer.testing import CliRunner, Result

import pinfold
from pinfold.cli.app import app
from pinfold.cli.explanations import coloured
from tests.serving import Trained

TEXT = "where is my refund, my parcel"


def run(trained: Trained, *arguments: str, exit_code: int = 0) -> Result:
    environment = {"PINFOLD_SERVER": trained.server.target}
    result = CliRunner().invoke(app, ["explain", trained.dataset, *arguments], env=environment)
    assert result.exit_code == exit_code, (arguments, result.output, result.exception)
    return result


def test_the_words_of_a_text_are_listed_with_what_they_added(trained: Trained) -> None:
    lines = run(trained, TEXT, "--label", "Billing > Refund", "--limit", "3").stdout.splitlines()
    assert lines[0].endswith("Billing > Refund")
    assert TEXT in lines[1]
    assert any("refund" in line and "word" in line and "+" in line for line in lines)
    assert sum("more" in line for line in lines) == 1
    assert any(line.split()[1:] == ["score"] for line in lines)


def test_ngrams_are_listed_apart_when_asked_for(trained: Trained) -> None:
    label = ("--label", "Billing > Refund")
    printed = run(trained, "refundings", *label, "--expand-ngrams", "--limit", "100").stdout
    assert "␣re" in printed
    assert "character ngram" in printed
    assert "by its n-grams" in run(trained, "refundings", *label).stdout


def test_above_the_leaves_of_a_single_label_version_the_sum_is_told(trained: Trained) -> None:
    assert "the sum of Billing > Refund, Billing > Invoice" in run(trained, "refund", "--label", "Billing").stdout


def test_json_holds_everything_that_the_client_tells(trained: Trained) -> None:
    told = json.loads(run(trained, TEXT, "--version", "1", "--label", "Delivery", "--json").stdout)
    with pinfold.Client(trained.server.target) as client:
        explanation = client.dataset(trained.dataset).explain(TEXT, version=1, labels=["Delivery"])
    assert [label["name"] for label in told["labels"]] == [label.name for label in explanation.labels]
    assert told["labels"][0]["contributions"][0]["feature"] == explanation.labels[0].contributions[0].feature
    assert (told["version"], told["tag"]) == (1, None)


@pytest.mark.parametrize(
    ("arguments", "exit_code", "told"),
    [
        (("",), 2, "text must not be empty"),
        ((TEXT, "--label", "Nonsense"), 1, "UNKNOWN_LABEL"),
        ((TEXT, "--version", "99"), 1, "VERSION_NOT_FOUND"),
        ((TEXT, "--limit", "0"), 2, "--limit"),
    ],
)
def test_what_cannot_be_explained_is_said(
    trained: Trained, arguments: tuple[str, ...], exit_code: int, told: str
) -> None:
    assert told in run(trained, *arguments, exit_code=exit_code).stderr


def test_the_strongest_feature_gives_a_word_its_colour() -> None:
    span = pinfold.TextSpan
    label = pinfold.LabelExplanation(
        name="A", probability=0.5, threshold=0.5, score=0.0, bias=0.0, remaining=0.0, remaining_count=0,
        raised_by=None, sum_of=(),
        contributions=(
            pinfold.Contribution("ab", pinfold.FeatureKind.WORD, 2.0, (span(0, 2),), known=True, occurrences=1),
            pinfold.Contribution("ab cd", pinfold.FeatureKind.WORD_NGRAM, -1.0, (span(0, 5),), True, 1),
        ),
    )  # fmt: skip
    shown = coloured("ab cd", label)
    assert [(part.start, part.end, part.style) for part in shown.spans] == [(2, 7, "red"), (2, 4, "green")]
