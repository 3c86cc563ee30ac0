import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinfold_server.domain.predictions.explanations import FeatureKind, LabelExplanation
from pinfold_server.engine import sigmoid
from pinfold_server.engine.evidence import Group, gather
from pinfold_server.engine.explanation import Wanted, explain
from pinfold_server.engine.model import CompiledModel, FeatureOptions
from pinfold_server.engine.session import Model
from pinfold_server.engine.spec import GRAM_FACTORS, GRAM_KIND, MASK
from pinfold_server.engine.tensors import StoredModel, read_tensors
from pinfold_server.engine.text import code_points, read_texts
from tests.engine.models import LABELS, TEXTS, file_of, random_model
from tests.engine.strategies import texts

OPTIONS = {
    "words": FeatureOptions(1, 0, 0),
    "word n-grams": FeatureOptions(3, 0, 0),
    "default": FeatureOptions(2, 3, 5),
    "short n-grams": FeatureOptions(1, 2, 6),
    "across words": FeatureOptions(2, 2, 4, True),
}
MODELS = {name: random_model(options) for name, options in OPTIONS.items()}
COLUMNS = np.arange(len(LABELS) + 1)
both = pytest.mark.parametrize("apart", [False, True])
every_model = pytest.mark.parametrize("name", OPTIONS)


def served(model: CompiledModel) -> tuple[Model, StoredModel]:
    blob = file_of(model)
    return Model.load(blob, hashlib.sha256(blob).hexdigest()), read_tensors(blob)


def explanations(model: CompiledModel, text: str, *, limit: int = 5, apart: bool = False) -> list[LabelExplanation]:
    loaded, stored = served(model)
    wanted = Wanted(range(len(LABELS)), np.full(len(LABELS), 0.25, np.float32), limit, apart)
    return explain(stored, text, loaded.score([text]).probabilities[0], wanted)


def names(groups: list[Group]) -> set[tuple[FeatureKind, str]]:
    """The features that have a row, each by the spelling of all its occurrences."""
    found = set()
    for group in groups:
        for place, feature in enumerate(group.of.tolist()):
            if group.shares[feature].any():
                found.add((group.kind, group.spell(place)))
    return found


@every_model
@both
@settings(max_examples=40)
@given(text=texts)
def test_shares_add_up_to_the_sums_of_the_engine_exactly(name: str, apart: bool, text: str) -> None:
    model = MODELS[name]
    (read,) = read_texts([text]).texts
    groups = gather(model, read, COLUMNS, apart=apart)
    totals = sum((group.shares.sum(axis=0) for group in groups), np.zeros(len(COLUMNS), np.int64))
    assert totals.tolist() == model.totals(code_points([read]))[0].tolist()


@every_model
@settings(max_examples=40)
@given(text=texts)
def test_character_ngrams_are_spelled_as_their_keys_say(name: str, text: str) -> None:
    (read,) = read_texts([text]).texts
    for group in gather(MODELS[name], read, COLUMNS, apart=True):
        if group.kind is not FeatureKind.CHAR_NGRAM:
            continue
        keys: dict[int, int] = {}
        for place, feature in enumerate(group.of.tolist()):
            spelled = group.spell(place)
            key = sum(
                (ord(one) + 1) * factor & MASK for one, factor in zip(spelled, GRAM_FACTORS.tolist(), strict=False)
            )
            assert keys.setdefault(feature, (key & MASK) + GRAM_KIND) == (key & MASK) + GRAM_KIND
            letters = read[group.begins[place] : group.ends[place]]
            assert spelled.strip(" ").split(" ")[0] in letters


def test_words_hold_their_ngrams_until_these_are_wanted_apart() -> None:
    model = random_model(FeatureOptions(1, 3, 3), known=1.0)
    together = gather(model, "fox foxx", COLUMNS, apart=False)
    apart = gather(model, "fox foxx", COLUMNS, apart=True)
    assert {kind for kind, _ in names(together)} == {FeatureKind.WORD}
    grams = {name for kind, name in names(apart) if kind is FeatureKind.CHAR_NGRAM}
    assert grams == {" fo", "fox", "ox "}
    (words,) = together
    assert words.known.tolist().count(False) == 1
    assert sum(group.shares.sum(axis=0) for group in apart).tolist() == words.shares.sum(axis=0).tolist()


def test_a_feature_that_occurs_twice_is_one_feature_with_two_places() -> None:
    model = random_model(FeatureOptions(2, 0, 0), known=1.0)
    words, joined = gather(model, "my refund, my refund", COLUMNS, apart=False)
    assert [words.spell(place) for place in range(4)] == ["my", "refund", "my", "refund"]
    assert words.of[0] == words.of[2]
    assert [joined.spell(place) for place in range(3)] == ["my refund", "refund my", "my refund"]
    assert list(zip(joined.begins.tolist(), joined.ends.tolist(), strict=True)) == [(0, 9), (3, 13), (11, 20)]


@every_model
@both
@pytest.mark.parametrize("text", [*TEXTS, "", "…", "zzz qqq", "Where is MY ﬁrst refund? " * 30])
def test_bias_contributions_and_the_rest_are_the_score(name: str, apart: bool, text: str) -> None:
    for label in explanations(MODELS[name], text, apart=apart):
        assert label.score is not None
        assert label.bias is not None
        weights = [contribution.weight for contribution in label.contributions]
        assert weights == sorted(weights, key=abs, reverse=True)
        assert label.bias + sum(weights) + label.remaining == pytest.approx(label.score, abs=1e-9)
        own = float(sigmoid.probability(np.array([sigmoid.place(label.score)]))[0])
        assert label.probability == pytest.approx(own, abs=1e-6) or label.raised_by
        assert label.raised_by is None or own < label.probability


def test_a_label_that_was_raised_names_the_label_below_that_did_it() -> None:
    labels = {label.name: label for text in TEXTS for label in explanations(MODELS["default"], text)}
    raised = [label for text in TEXTS for label in explanations(MODELS["default"], text) if label.raised_by]
    assert raised
    for label in raised:
        assert str(label.raised_by).startswith(f"{label.name} > ")
    assert labels["Billing > Refund > Late"].raised_by is None
    assert labels["Card > Lost"].raised_by is None


def test_above_the_leaves_of_a_single_label_model_probabilities_are_sums() -> None:
    model = random_model(FeatureOptions(2, 3, 5), single=True)
    blob = file_of(model)
    stored = read_tensors(blob)
    probabilities = model.probabilities(code_points(["my refund is late"]))[0]
    wanted = Wanted(range(len(LABELS)), np.full(len(LABELS), 0.25, np.float32), 5, apart=False)
    labels = {label.name: label for label in explain(stored, "my refund is late", probabilities, wanted)}
    assert labels["Billing"].sum_of == ("Billing > Refund > Late",)
    assert (labels["Billing"].score, labels["Billing"].contributions) == (None, ())
    assert labels["Card > Lost"].score is not None
    assert labels["Card > Lost"].sum_of == ()


def test_at_most_the_wanted_contributions_are_listed_and_the_others_are_counted() -> None:
    text = " ".join(TEXTS)
    whole = explanations(MODELS["default"], text, limit=1_000)[0]
    some = explanations(MODELS["default"], text, limit=3)[0]
    assert some.contributions == whole.contributions[:3]
    assert some.remaining_count == len(whole.contributions) - 3
    assert (whole.remaining, whole.remaining_count) == (0, 0)
    assert some.remaining == pytest.approx(sum(each.weight for each in whole.contributions[3:]), abs=1e-9)


def test_places_are_those_of_the_text_that_was_sent() -> None:
    model = random_model(FeatureOptions(2, 3, 5), known=1.0)
    text = "ﬁ NAI\u0308VE,  \x00Refund"
    found = {each.feature: each for label in explanations(model, text, limit=50) for each in label.contributions}
    assert [text[start:end] for start, end in found["naïve"].spans] == ["NAI\u0308VE"]
    assert [text[start:end] for start, end in found["refund"].spans] == ["Refund"]
    assert found["refund"].known


@given(st.data())
@settings(max_examples=30)
def test_spans_lie_in_the_text_whatever_it_holds(data: st.DataObject) -> None:
    text = data.draw(texts)
    _, stored = STORED
    wanted = Wanted(range(len(LABELS)), np.full(len(LABELS), 0.25, np.float32), 1_000, data.draw(st.booleans()))
    for label in explain(stored, text, np.zeros(len(LABELS), np.float32), wanted):
        for contribution in label.contributions:
            assert contribution.spans
            assert all(0 <= start < end <= len(text) for start, end in contribution.spans)


STORED = served(MODELS["default"])


def test_a_text_of_one_word_again_and_again_lists_its_first_hundred_places() -> None:
    text = "refund " * 9_000
    found = {each.feature: each for label in explanations(MODELS["default"], text) for each in label.contributions}
    word = found["refund"]
    assert (word.occurrences, len(word.spans)) == (9_000, 100)
    assert word.spans[99] == (99 * 7, 99 * 7 + 6)


def test_a_word_longer_than_any_that_a_model_knows_is_cut() -> None:
    (label, *_) = explanations(MODELS["default"], "refund" * 10_000)
    assert {len(each.feature) for each in label.contributions} == {100}


def test_more_labels_than_are_held_at_once_are_explained_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = explanations(MODELS["default"], TEXTS[0])
    monkeypatch.setattr("pinfold_server.engine.explanation._COLUMNS_AT_ONCE", 2)
    assert explanations(MODELS["default"], TEXTS[0]) == expected
