"""The graph of a model: code points in, probabilities out, standard operators only (feature specification 1).

No MatMul, Gemm or floating-point mean: their last bit depends on the batch. All sums are sums of whole numbers that fit
their type (float32 up to 2**24 within a chunk, float64 beyond), and what follows is element-wise and IEEE-exact, so a
text gets the same bits alone, in any batch and on any platform. `CompiledModel.probabilities` says the same in numpy.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from pinfold_server.engine import sigmoid, softmax
from pinfold_server.engine.model import CompiledModel, leaves_of
from pinfold_server.engine.spec import (
    CLASS_SIZE,
    GRAM_FACTORS,
    GRAM_KIND,
    JOIN_FACTORS,
    MASK,
    SPACE,
    WORD_FACTORS,
    WORD_POSITIONS,
)
from pinfold_server.training.export.graph_builder import FAR, GraphBuilder, int64, scalar
from pinfold_server.training.export.graph_tables import Spans, Table, lookup, spans_of, store_table, text_totals

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Characters:
    """Names of per-character vectors [C] of the batch, and of the end of each text.

    `text` code points; `inside` whether a word character; `number` 1 + index of the last word begun, 0 before the
    first.
    """

    text: str
    inside: str
    number: str


@dataclass(frozen=True, slots=True)
class _Words:
    """Names of the columns [W, 1] in which words begin and end, and of `last` int32 [N]: words up to a text's end."""

    starts: str
    ends: str
    last: str


def write(model: CompiledModel, text: str, g: GraphBuilder) -> str:
    """Adds the whole graph; `text` names the int32 input. Returns the name of the probabilities [N, labels]."""
    inside = g("Gather", g.constant(model.word_class, "word_class"), g("Min", text, np.array(CLASS_SIZE - 1, np.int32)))
    changed = g("Xor", inside, g.drop_last(inside, np.array([False])))
    edges = g("Reshape", g("NonZero", changed), int64(-1, 2))
    number = g("CumSum", g.cast(g("And", inside, changed), TensorProto.INT32), scalar(0))
    terminators = g("Squeeze", g("NonZero", g("Equal", text, np.array(0, np.int32))), int64(0))
    characters = _Characters(text, inside, number)
    starts, ends = g.node("Split", edges, outputs=2, axis=1, num_outputs=2)
    words = _Words(starts, ends, g("Gather", number, terminators))

    keys = _word_keys(g, characters, starts, edges)
    columns = _joined(g, keys, model.options.word_max)
    table = store_table(g, "word", model.words, model.word_rows)
    rows = lookup(g, columns, table)
    totals = text_totals(g, rows, spans_of(g, words.last), np.arange(max(model.options.word_max, 1)), table)
    if model.options.char_across:
        totals = _with_spanning_ngrams(g, model, _Separated(text, inside, changed, terminators), totals)
    elif model.options.char_max:
        totals = _with_unseen_words(g, model, characters, words, (rows, totals))
    sums, norms = g.node("Split", totals, int64(len(model.labels), 1), outputs=2, axis=1)
    scores = g("Div", sums, g("Sqrt", g("Max", norms, np.array(1.0))))
    scaled = g("Mul", scores, g.constant(model.steps, "steps"))
    places = g("Add", scaled, g.constant(model.offsets, "offsets"))
    if model.single:
        return _shares(g, model, places)
    return _with_ancestors(g, model, _probabilities(g, places))


@dataclass(frozen=True, slots=True)
class _Separated:
    """Names of per-character vectors [C], and of `terminators` [N], the places of the 0s.

    `text` code points; `inside` whether a word character; `changed` whether that differs from the character before.
    """

    text: str
    inside: str
    changed: str
    terminators: str


def _with_spanning_ngrams(g: GraphBuilder, model: CompiledModel, characters: _Separated, totals: str) -> str:
    """Adds the character n-grams across words: those of the words of each text, each followed by one space.

    The space before the first word is that after the last word of the text before.
    """
    smallest, largest = model.options.char_min, model.options.char_max
    kept = g("Or", characters.inside, characters.changed)
    places = g("Squeeze", g("NonZero", kept), int64(0))
    space = np.array(SPACE, np.int32)
    letters = g("Gather", g("Where", characters.inside, characters.text, space), places)
    padded = g("Concat", space[None], letters, np.full(largest, SPACE, np.int32), axis=0)
    starts = g("Range", scalar(0), g("Size", letters), scalar(1))
    window = g("Gather", padded, g("Add", g("Unsqueeze", starts, int64(1)), np.arange(largest)))
    table = store_table(g, "gram", model.grams, model.gram_rows)
    count = g("CumSum", g.cast(kept, TensorProto.INT32), scalar(0))
    spans = spans_of(g, g("Gather", count, characters.terminators))
    # The n-gram that begins before a letter covers the n - 2 letters after it.
    reach = np.arange(smallest, largest + 1) - 2
    more = text_totals(g, _found_grams(g, window, (smallest, largest), table), spans, reach, table)
    return g("Add", totals, more)


def _word_keys(g: GraphBuilder, characters: _Characters, starts: str, edges: str) -> str:
    """The key of each word [W, 1]; `edges` holds start and end of each [W, 2]."""
    begun = g("Concat", int64(0), g("Reshape", starts, int64(-1)), axis=0)
    position = g("Sub", g("Range", scalar(0), g("Size", characters.text), scalar(1)),
                 g("Gather", begun, characters.number))  # fmt: skip
    factor = g("Gather", WORD_FACTORS, g("Min", position, scalar(WORD_POSITIONS - 1)))
    point = g("Add", g.cast(characters.text, TensorProto.INT64), scalar(1))
    value = g("Where", characters.inside, g("BitwiseAnd", g("Mul", point, factor), scalar(MASK)), scalar(0))
    at_edges = g("Gather", g("CumSum", value, scalar(0), exclusive=1), edges)
    before, after = g.node("Split", at_edges, outputs=2, axis=1, num_outputs=2)
    return g("BitwiseAnd", g("Sub", after, before), scalar(MASK))


def _joined(g: GraphBuilder, keys: str, word_max: int) -> str:
    """Keys of the word n-grams that begin at each word [W, word_max]; those across a text's end are masked later."""
    if word_max < 2:
        return keys
    padded = g("Concat", keys, np.zeros((word_max - 1, 1), np.int64), axis=0)
    columns, total = [keys], keys
    for size in range(2, word_max + 1):
        end = int64(size - word_max) if size < word_max else FAR
        following = g("Slice", padded, int64(size - 1), end, int64(0))
        total = g("Add", total, g("Mul", following, scalar(int(JOIN_FACTORS[size - 1]))))
        columns.append(g("Add", g("BitwiseAnd", total, scalar(MASK)), scalar(size - 1)))
    return g("Concat", *columns, axis=1)


def _with_unseen_words(
    g: GraphBuilder, model: CompiledModel, characters: _Characters, words: _Words, known: tuple[str, str]
) -> str:
    """Adds the character n-grams of words that the model does not know, in a branch that runs only when there are any.

    `known`: rows of the words (the first column) and the totals so far.
    """
    rows, totals = known
    unseen = g("Equal", g("Slice", rows, int64(0), int64(1), int64(1)), np.array(0, np.int32))
    some = g.cast(g("ReduceSum", g.cast(unseen, TensorProto.INT32), keepdims=0), TensorProto.BOOL)
    table = store_table(g, "gram", model.grams, model.gram_rows)
    walk, skip = g.branch("walk"), g.branch("skip")
    place, last = _unseen_letters(walk, characters, words, unseen)
    grams = _gram_rows(walk, model, _window(walk, characters, place, model.options.char_max), table)
    alone = np.zeros(model.options.char_max - model.options.char_min + 1, np.int64)
    every = spans_of(walk, last)
    concerned = walk("Reshape", walk("NonZero", every.counts), int64(-1))
    some_texts = Spans(walk("Gather", every.firsts, concerned), walk("Gather", every.counts, concerned), every.all)
    more = text_totals(walk, grams, some_texts, alone, table)
    walked = walk("ScatterND", totals, walk("Unsqueeze", concerned, int64(1)), more, reduction="add")
    return g(
        "If",
        some,
        then_branch=walk.as_branch(walked, TensorProto.DOUBLE),
        else_branch=skip.as_branch(skip("Identity", totals), TensorProto.DOUBLE),
    )


def _unseen_letters(g: GraphBuilder, characters: _Characters, words: _Words, unseen: str) -> tuple[str, str]:
    """Places of the letters of unseen words [letters, 1]; how many there are up to the end of each text, int32 [N]."""
    of_number = g("Concat", np.array([False]), g("Reshape", unseen, int64(-1)), axis=0)
    wanted = g("And", characters.inside, g("Gather", of_number, characters.number))
    lengths = g("Where", unseen, g("Sub", words.ends, words.starts), scalar(0))
    letters = g.cast(g("CumSum", g("Reshape", lengths, int64(-1)), scalar(0)), TensorProto.INT32)
    last = g("Gather", g("Concat", np.array([0], np.int32), letters, axis=0), words.last)
    return g("Reshape", g("NonZero", wanted), int64(-1, 1)), last


def _window(g: GraphBuilder, characters: _Characters, place: str, largest: int) -> str:
    """The code points from the one before each letter on, `largest` of them, a space for what is no word character.

    int32 [letters, largest]; places outside of the batch are taken from its end, which is a 0.
    """
    at = g("Add", place, np.arange(-1, largest - 1))
    bounded = g("Min", at, g("Sub", g("Size", characters.text), scalar(1)))
    inside = g("Gather", characters.inside, bounded)
    return g("Where", inside, g("Gather", characters.text, bounded), np.array(SPACE, np.int32))


def _gram_rows(g: GraphBuilder, model: CompiledModel, window: str, table: Table) -> str:
    """Rows of the character n-grams that begin at each window [letters, sizes]."""
    smallest, largest = model.options.char_min, model.options.char_max
    found = _found_grams(g, window, (smallest, largest), table)
    return g("Where", _complete(g, window, smallest, largest), found, np.array(0, np.int32))


def _found_grams(g: GraphBuilder, window: str, sizes: tuple[int, int], table: Table) -> str:
    """Rows of the n-grams that begin each window [letters, sizes], smallest to largest, whatever lies in it."""
    smallest, largest = sizes
    values = g("Mul", g("Add", g.cast(window, TensorProto.INT64), scalar(1)), GRAM_FACTORS[:largest])
    sums = g("CumSum", g("BitwiseAnd", values, scalar(MASK)), scalar(1))
    keys = g("BitwiseAnd", g("Slice", sums, int64(smallest - 1), FAR, int64(1)), scalar(MASK))
    return lookup(g, g("Add", keys, scalar(GRAM_KIND)), table)


def _complete(g: GraphBuilder, window: str, smallest: int, largest: int) -> str:
    """Whether the n-gram of each size lies within " word " [positions, sizes]: word characters between its ends."""
    middle = g("Slice", window, int64(1), int64(max(largest - 1, 2)), int64(1))
    gaps = g("CumSum", g.cast(g("Equal", middle, np.array(SPACE, np.int32)), TensorProto.INT32), scalar(1))
    # Column k of `gaps` belongs to size k + 3; its first is always 0, and stands for size 2 as well.
    sizes = np.maximum(np.arange(smallest, largest + 1) - 3, 0)
    return g("Equal", g("Gather", gaps, sizes, axis=1), np.array(0, np.int32))


def _probabilities(g: GraphBuilder, places: str) -> str:
    """Places through the exact logistic function (`engine/sigmoid.py`), float32 [N, labels]."""
    within = g("Min", g("Max", places, np.array(0.0)), np.array(sigmoid.LAST))
    return g.cast(_between(g, within, sigmoid.table()), TensorProto.FLOAT)


def _shares(g: GraphBuilder, model: CompiledModel, places: str) -> str:
    """Places through the exact softmax over leaves (`engine/softmax.py`), float32 [N, labels]."""
    leaves, closure = leaves_of(len(model.labels), model.closure)
    of_leaves = places if not len(closure) else g("Gather", places, leaves, axis=1)
    distance = g("Sub", g("ReduceMax", of_leaves, int64(1)), places)
    bounded = g("Min", g("Mul", distance, np.array(softmax.FINER)), np.array(softmax.LAST))
    within = g("Max", bounded, np.array(0.0)) if len(closure) else bounded
    shares = g("Floor", _between(g, within, softmax.table()))
    if len(closure):
        is_leaf = np.isin(np.arange(len(model.labels)), leaves)
        shares = g("Where", is_leaf, shares, np.array(0.0))
    total = g("ReduceSum", shares, int64(1))
    if len(closure):
        ancestors, below = _closure(g, closure)
        added = g("Gather", shares, below, axis=1)
        where = g("Expand", ancestors, g("Shape", added))
        shares = g("ScatterElements", shares, where, added, axis=1, reduction="add")
    return g.cast(g("Div", shares, total), TensorProto.FLOAT)


def _between(g: GraphBuilder, within: str, table: tuple[NDArray[np.float64], NDArray[np.float64]]) -> str:
    """Values on the straight lines between the points of a table, given as places in it."""
    curve = g.constant(np.stack(table, axis=1), "curve")
    below = g("Floor", within)
    pairs = g("Gather", curve, g.cast(below, TensorProto.INT32))
    value, rise = (g("Squeeze", part, int64(-1)) for part in g.node("Split", pairs, outputs=2, axis=-1, num_outputs=2))
    return g("Add", value, g("Mul", rise, g("Sub", within, below)))


def _with_ancestors(g: GraphBuilder, model: CompiledModel, probabilities: str) -> str:
    """Raises each label to the largest probability below it, exactly."""
    if not len(model.closure):
        return probabilities
    ancestors, descendants = _closure(g, model.closure)
    below = g("Gather", probabilities, descendants, axis=1)
    where = g("Expand", ancestors, g("Shape", below))
    return g("ScatterElements", probabilities, where, below, axis=1, reduction="max")


def _closure(g: GraphBuilder, closure: Ints) -> tuple[str, str]:
    """Names of the ancestors and of the labels below them, as stored."""
    ancestors, below = closure.T
    return g.constant(ancestors, "closure_ancestors"), g.constant(below, "closure_descendants")
