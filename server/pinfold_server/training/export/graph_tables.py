"""Parts of the graph that find rows in a key table and add them up exactly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from pinfold_server.engine.model import CHUNK
from pinfold_server.engine.tables import PRIME, KeyTable
from pinfold_server.training.export.graph_builder import FAR, GraphBuilder, int64, scalar

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Spans:
    """Names of int32 vectors [texts], the first item and the number of items of each; `all`: items in all."""

    firsts: str
    counts: str
    all: str


@dataclass(frozen=True, slots=True)
class Table:
    """Names of the stored parts of a key table and its rows."""

    buckets: int
    slots: int
    multipliers: str
    row_of_slot: str
    keys: str
    rows: str


def store_table(g: GraphBuilder, name: str, table: KeyTable, rows: NDArray[np.float32]) -> Table:
    return Table(
        len(table.multipliers),
        len(table.slots),
        g.constant(table.multipliers, f"{name}_multipliers"),
        g.constant(table.slots, f"{name}_slots"),
        g.constant(table.keys, f"{name}_keys"),
        g.constant(rows, f"{name}_rows"),
    )


def lookup(g: GraphBuilder, keys: str, table: Table) -> str:
    """The row of each key, 0 where the table does not hold it; int32 of the same shape."""
    multiplier = g("Gather", table.multipliers, g("Mod", keys, scalar(table.buckets)))
    spread = g("Mod", g("Mul", keys, multiplier), scalar(PRIME))
    row = g("Gather", table.row_of_slot, g("Mod", spread, scalar(table.slots)))
    return g("Where", g("Equal", g("Gather", table.keys, row), keys), row, np.array(0, np.int32))


def spans_of(g: GraphBuilder, last: str) -> Spans:
    """From the number of items up to the end of each text, int32 [N]."""
    firsts = g.drop_last(last, np.array([0], np.int32))
    return Spans(firsts, g("Sub", last, firsts), g("ReduceMax", last, keepdims=0))


def text_totals(g: GraphBuilder, rows: str, spans: Spans, reach: Ints, table: Table) -> str:
    """Exact sums of the rows of each text, float64 [texts, labels + 1].

    `rows` [items, columns]; a feature in column k of an item also covers the `reach[k]` items after it, and is left out
    where those belong to the next text. Texts are padded to the longest; beyond a chunk of items they are summed
    chunk by chunk, because the rows of a whole long text would take hundreds of megabytes.
    """
    padded = g("Concat", rows, np.zeros((1, len(reach)), np.int32), axis=0)
    items = _Items(padded, g("Unsqueeze", spans.firsts, int64(1)), g("Unsqueeze", spans.counts, int64(1, 2)), spans.all)
    longest = g("ReduceMax", spans.counts, keepdims=0)
    size = np.array(CHUNK // len(reach), np.int32)
    one, several, chunk = g.branch("one"), g.branch("several"), g.branch("chunk")
    item = one("Range", np.array(0, np.int32), longest, np.array(1, np.int32))
    short = _sum_items(one, items, item, reach, table)

    number = f"{padded}_chunk"
    begin = chunk("Mul", chunk.cast(number, TensorProto.INT32), size)
    item = chunk("Range", begin, chunk("Add", begin, size), np.array(1, np.int32))
    body = chunk.as_loop_body(
        chunk("Add", f"{number}_sum", _sum_items(chunk, items, item, reach, table)), number, TensorProto.DOUBLE
    )
    chunks = several("Div", several("Add", longest, size - 1), size)
    width = several("Slice", several("Shape", table.rows), int64(1), FAR)
    start = several("Expand", np.array(0.0), several("Concat", several("Shape", spans.counts), width, axis=0))
    long = several("Loop", several.cast(chunks, TensorProto.INT64), "", start, body=body)
    return g(
        "If",
        g("Less", size, longest),
        then_branch=several.as_branch(long, TensorProto.DOUBLE),
        else_branch=one.as_branch(short, TensorProto.DOUBLE),
    )


@dataclass(frozen=True, slots=True)
class _Items:
    """Names: `rows` of all items and one row of zeros [items + 1, columns]; `firsts` [texts, 1] and `counts`
    [texts, 1, 1] of the items of each text; `all`: their number.
    """

    rows: str
    firsts: str
    counts: str
    all: str


def _sum_items(g: GraphBuilder, items: _Items, item: str, reach: Ints, table: Table) -> str:
    """Sums over the items with the given numbers in each text: whole numbers up to 2**24, exact in float32."""
    place = g("Min", g("Add", items.firsts, item), items.all)
    within = g("Less", g("Add", g("Unsqueeze", item, int64(1)), reach.astype(np.int32)), items.counts)
    chosen = g("Where", within, g("Gather", items.rows, place), np.array(0, np.int32))
    sums = g("ReduceSum", g("Gather", table.rows, chosen), int64(1, 2), keepdims=0)
    return g.cast(sums, TensorProto.DOUBLE)
