"""The compiled lane against the numpy implementation and the file itself, bit by bit, on any text."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinfold_server.engine import (
    answer_kernels,
    compilation,
    kernel_memory,
    kernels,
    probability_kernels,
    text_kernels,
)
from pinfold_server.engine.model import CompiledModel, FeatureOptions
from pinfold_server.engine.session import Model
from pinfold_server.engine.text import encode
from pinfold_server.engine.writing import Columns, Heads, Messages, Writing
from tests.engine.models import LABELS, TEXTS, file_of, loaded, random_model, score_one_by_one, widened
from tests.engine.strategies import batches, texts

KERNEL = compilation.build()


def compiled(model: CompiledModel) -> Model:
    fast = loaded(model).compiled(KERNEL)
    assert fast is not None
    assert fast.lane == "compiled"
    return fast


SINGLE = random_model(FeatureOptions(2, 3, 5), 7, single=True)
MODELS = [
    *(
        random_model(options, seed)
        for seed, options in enumerate(
            (
                FeatureOptions(2, 3, 5),
                FeatureOptions(1, 2, 6),
                FeatureOptions(3, 2, 2),
                FeatureOptions(3, 0, 0),
                FeatureOptions(0, 3, 3),
                FeatureOptions(2, 2, 5, char_across=True),
                FeatureOptions(0, 6, 6, char_across=True),
            )
        )
    ),
    SINGLE,
    replace(SINGLE, closure=np.zeros((0, 2), np.int64)),
    replace(random_model(FeatureOptions(2, 3, 5), 8), closure=np.zeros((0, 2), np.int64)),
]
FAST = [compiled(model) for model in MODELS]

ascii_batches = st.lists(st.text(st.characters(max_codepoint=127), max_size=80), min_size=1, max_size=6)


@pytest.mark.parametrize("number", range(len(MODELS)))
@given(batch=st.one_of(batches, ascii_batches))
@settings(max_examples=60)
def test_compiled_code_gives_the_bits_of_the_numpy_implementation(number: int, batch: list[str]) -> None:
    assert np.array_equal(FAST[number].score(batch).probabilities, MODELS[number].probabilities(encode(batch)))


@pytest.mark.parametrize("number", range(len(MODELS)))
def test_the_same_bits_for_texts_of_very_different_length(number: int) -> None:
    """Beyond 64 words and beyond 64 rows the kernel goes on in pieces."""
    odd = ["", " ", "x" * 5_000 + " " + "refund " * 3, "strange words here " * 150, "a " * 40_000, "é" * 65_536]
    sizes = [" ".join(["refund", "late", "fox"] * 50).split()[:count] for count in (1, 2, 3, 62, 63, 64, 65, 66, 128)]
    batch = [*TEXTS, *odd, *(" ".join(words) for words in sizes), "Refund LATE Fox " * 400]
    assert np.array_equal(FAST[number].score(batch).probabilities, MODELS[number].probabilities(encode(batch)))


@given(batches, st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_a_text_gets_the_same_bits_alone_in_any_batch_and_in_any_order(batch: list[str], seed: int) -> None:
    together = FAST[0].score(batch).probabilities
    assert np.array_equal(together, score_one_by_one(FAST[0], batch))
    order = np.random.default_rng(seed).permutation(len(batch))
    shuffled = FAST[0].score([batch[index] for index in order]).probabilities
    assert np.array_equal(shuffled, together[order])


@given(
    st.builds(
        FeatureOptions,
        word_max=st.integers(1, 3),
        char_min=st.just(2),
        char_max=st.integers(2, 6),
        char_across=st.booleans(),
    ),
    st.integers(0, 2**31),
    st.floats(0, 1),
    st.booleans(),
    st.lists(texts, min_size=1, max_size=3),
)
@settings(max_examples=25)
def test_both_lanes_of_any_small_model_agree(
    options: FeatureOptions, seed: int, known: float, single: bool, batch: list[str]
) -> None:
    model = loaded(random_model(options, seed, known, single=single))
    fast = model.compiled(KERNEL)
    assert fast is not None
    assert np.array_equal(fast.score(batch).probabilities, model.score(batch).probabilities)


def test_a_thousand_labels() -> None:
    model = widened(random_model(FeatureOptions(2, 3, 5)), 1_024)
    batch = [*TEXTS, "unheardof " * 300, ""]
    probabilities = compiled(model).score(batch).probabilities
    assert probabilities.shape == (len(batch), 1_024)
    assert np.array_equal(probabilities, model.probabilities(encode(batch)))


def test_threads_that_score_at_the_same_time_do_not_meet() -> None:
    batch = [*TEXTS, "refund is late " * 400, "unheardof " * 300] * 8
    expected = FAST[0].score(batch).probabilities
    with ThreadPoolExecutor(4) as executor:
        answers = list(executor.map(FAST[0].score, [batch] * 40))
    assert all(np.array_equal(answer.probabilities, expected) for answer in answers)


def test_cut_texts_are_flagged_whatever_their_alphabet() -> None:
    for letter in "aé":
        scores = FAST[0].score(["short", f"{letter} " * 40_000, "short", letter * 65_536, letter * 65_537])
        assert scores.truncated.tolist() == [False, True, False, False, True]


def test_whatever_is_asked_nothing_is_compiled_again() -> None:
    """Arguments of another type than the kernel was compiled for would have it compiled while a request waits."""
    cuts, heads = np.zeros(len(LABELS), np.float32), Heads.of([b"?"] * len(LABELS))
    writings = [Writing(cuts, heads, 0, form) for form in (Messages(1), Columns(1, 2, 3, 4))]
    split = compilation.build_wire().split(b"\x0a\x05plain", 1)
    assert split is not None
    for batch in (["plain"], ["naïve"], ["plain", "naïve", ""], ["x" * 70_000], split.texts):
        FAST[0].score(batch)
        for writing in writings:
            FAST[0].write(batch, [len(batch)], writing)

    assert len(KERNEL.signatures) == 2  # type: ignore[attr-defined]  # what numba makes of a function has them


def test_code_on_the_disk_is_not_taken_for_that_of_functions_which_have_changed() -> None:
    """Numba looks at the file of the function that is called, and not at those of what is compiled into it."""
    parts = (answer_kernels, kernel_memory, probability_kernels, text_kernels)
    digest = sha256(b"".join(Path(part.__file__).read_bytes() for part in parts)).hexdigest()[:16]

    assert digest == kernels.PARTS, "kernels.PARTS has to be what stands on the left"


def test_no_texts_have_no_scores() -> None:
    assert FAST[0].score([]).probabilities.shape == (0, len(MODELS[0].labels))


def test_weights_that_are_no_numbers_lead_nowhere_outside_of_the_tables() -> None:
    """A restored store may hold anything under a right checksum."""
    for model in (MODELS[0], SINGLE):
        rows = model.word_rows.copy()
        rows[1:] = np.nan
        rows[2] = np.inf
        score = compiled(replace(model, word_rows=rows)).score(TEXTS)
        assert score.probabilities.shape == (len(TEXTS), len(model.labels))


def test_a_file_without_named_tables_is_answered_by_onnx_runtime_alone() -> None:
    blob = file_of(MODELS[0]).replace(b"word_slots", b"word_sLots")
    model = Model.load(blob, sha256(blob).hexdigest())
    assert model.stored is None
    assert model.lane == "onnx"
    assert model.compiled(KERNEL) is None
    assert np.array_equal(model.score(TEXTS).probabilities, MODELS[0].probabilities(encode(TEXTS)))
