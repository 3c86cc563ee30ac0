"""Keywords are what explanations say, averaged over the training documents."""

from collections import defaultdict

import numpy as np
import pytest

from pinfold_server.domain.predictions.explanations import FeatureKind
from pinfold_server.domain.predictions.keywords import KEPT, LabelKeywords
from pinfold_server.domain.runs.configs import Algorithm, CharScope, LabelMode, RunConfig
from pinfold_server.engine.explanation import Wanted, explain
from pinfold_server.engine.tensors import read_tensors
from pinfold_server.training.contract import TrainedModel, TrainingSet
from pinfold_server.training.fit.spellings import spell
from tests.training.tickets import LABELS, tickets, trained, training_set

CONFIGS = {
    "default": RunConfig(label_mode=LabelMode.MULTI_LABEL),
    "word n-grams": RunConfig(word_ngram_max=3, char_ngram_min=0, char_ngram_max=0),
    "n-grams only": RunConfig(word_ngram_min=2, min_df=3, label_mode=LabelMode.MULTI_LABEL),
    "across words": RunConfig(char_scope=CharScope.ACROSS_WORDS, algorithm=Algorithm.LOGISTIC_REGRESSION),
    "folded": RunConfig(fold_numbers=True, stop_words=("please", "my"), label_mode=LabelMode.MULTI_LABEL),
}
Means = dict[tuple[FeatureKind, str], float]


def mean_pushes(data: TrainingSet, model: TrainedModel, column: int, having: bool) -> Means:
    """What each feature added to a label's score, over the documents that have the label or do not, by explaining each.

    The n-grams of a word that is not known are wanted apart, those of known words are not.
    """
    stored = read_tensors(model.onnx)
    unasked = np.zeros(len(model.label_names), np.float32)
    sums: Means = defaultdict(float)
    places = np.flatnonzero(data.assigned[:, column] == having)
    for place in places.tolist():
        for apart in (False, True):
            wanted = Wanted([column], unasked, 1_000, apart)
            for each in explain(stored, data.texts[place], unasked, wanted)[0].contributions:
                gram = each.kind is FeatureKind.CHAR_NGRAM
                if gram == apart or (gram and stored.model.options.char_across and not apart):
                    sums[each.kind, each.feature] += each.weight if each.known else 0.0
    return {feature: total / len(places) for feature, total in sums.items()}


@pytest.fixture(scope="module", params=CONFIGS)
def case(request: pytest.FixtureRequest) -> tuple[TrainingSet, TrainedModel]:
    data = tickets(copies=2)
    return data, trained(data, CONFIGS[request.param])


def test_a_keyword_weighs_what_its_feature_added_to_the_label_on_average(
    case: tuple[TrainingSet, TrainedModel],
) -> None:
    data, model = case
    for column in (2, 4):
        keywords = model.keywords[column]
        for having, listed in ((True, keywords.towards), (False, keywords.against)):
            means = mean_pushes(data, model, column, having)
            words = [each for each in listed if each.kind is not FeatureKind.CHAR_NGRAM]
            for each in words:
                assert means[each.kind, each.feature] == pytest.approx(each.weight, abs=1e-9)
            weights = [abs(each.weight) for each in listed]
            assert weights == sorted(weights, reverse=True)
            assert all((each.weight > 0) is having for each in listed)
            largest = max(
                (mean if having else -mean) for key, mean in means.items() if key[0] is not FeatureKind.CHAR_NGRAM
            )
            if words and len(listed) < KEPT:
                assert largest == pytest.approx(abs(words[0].weight), abs=1e-9)


def test_the_words_that_make_a_label_are_its_keywords() -> None:
    model = trained(tickets())
    lost = model.keywords[LABELS.index("Card > Lost")]
    assert lost.label == "Card > Lost"
    assert "card" in {each.feature for each in lost.towards[:3]}
    invoice = {each.feature: each for each in model.keywords[LABELS.index("Billing > Invoice")].towards}
    assert invoice["invoice"].kind is FeatureKind.WORD
    assert invoice["the invoice"].kind is FeatureKind.WORD_NGRAM
    assert invoice["invoice"].document_count == 30
    assert {each.feature for each in lost.against} & {"refund", "invoice", "bill"}


def test_scripts_without_spaces_have_ngrams_for_keywords() -> None:
    topics = {
        "退": ("我想要退款谢谢", "请给我退款好吗", "退款还没有到"),
        "丢": ("我的卡片丢失了", "卡片丢失怎么办", "卡片找不到"),
    }
    rows = [
        (f"{phrase}{chr(0x4E00 + copy)}{copy}", (label,))
        for copy in range(200)
        for label, phrases in topics.items()
        for phrase in phrases
    ]
    data = training_set([text for text, _ in rows], [labels for _, labels in rows], tuple(topics))
    model = trained(data, RunConfig(char_ngram_min=2, char_ngram_max=3))
    found = {each.feature for each in model.keywords[0].towards if each.kind is FeatureKind.CHAR_NGRAM}
    assert any("退款" in feature for feature in found)


def test_the_same_training_lists_the_same_keywords() -> None:
    first, again = trained(tickets()), trained(tickets())
    assert first.keywords == again.keywords


def test_every_label_has_its_keywords_in_the_order_of_the_file() -> None:
    model = trained(tickets())
    assert tuple(each.label for each in model.keywords) == model.label_names
    assert all(isinstance(each, LabelKeywords) and len(each.towards) <= KEPT for each in model.keywords)


def test_spelling_stops_when_everything_is_found_and_leaves_out_what_is_nowhere() -> None:
    wanted = np.array([1, 2, 3], np.int64)
    assert spell(("some text", "some more"), RunConfig(), wanted) == {}
