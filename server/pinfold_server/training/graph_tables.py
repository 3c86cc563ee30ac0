"""Parts of the graph that find rows in a key table and add them up exactly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from pinfold_server.engine.model import CHUNK
from pinfold_server.engine.tables import PRIME, KeyTable
from pinfold_server.training.graph_builder import FAR, GraphBuilder, int64, scalar

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
    where those belong to the next text.
    """
    columns = len(reach)
    count = g("Unsqueeze", spans.counts, int64(1, 2))
    longest = g("Max", g.cast(g("ReduceMax", count, keepdims=0), TensorProto.INT64), scalar(1))
    chunks = g("Div", g("Add", longest, scalar(CHUNK // columns - 1)), scalar(CHUNK // columns))
    size = g("Div", g("Sub", g("Add", longest, chunks), scalar(1)), chunks)
    item = g.cast(g("Range", scalar(0), g("Mul", chunks, size), scalar(1)), TensorProto.INT32)
    place = g("Min", g("Add", g("Unsqueeze", spans.firsts, int64(1)), item), spans.all)
    padded = g("Concat", rows, np.zeros((1, columns), np.int32), axis=0)
    within = g("Less", g("Add", g("Unsqueeze", item, int64(1)), reach.astype(np.int32)), count)
    chosen = g("Where", within, g("Gather", padded, place), np.array(0, np.int32))
    chunk = g("Unsqueeze", g("Mul", size, scalar(columns)), int64(0))
    shape = g("Concat", int64(-1), g("Unsqueeze", chunks, int64(0)), chunk, axis=0)
    return _sum_chunks(g, g("Reshape", chosen, shape), chunks, table.rows)


def _sum_chunks(g: GraphBuilder, chosen: str, chunks: str, rows: str) -> str:
    """Sums of the rows `chosen` [texts, chunks, places], float64 [texts, labels + 1].

    Chunk by chunk where there are several: the rows of a whole long text would take hundreds of megabytes.
    """
    several, one, loop = g.branch("several"), g.branch("one"), g.branch("chunk")
    number = f"{chosen}_number"
    part = _sum_rows(loop, loop("Gather", chosen, number, axis=1), rows)
    body = loop.as_loop_body(loop("Add", f"{number}_sum", part), number, TensorProto.DOUBLE)
    texts = several("Slice", several("Shape", chosen), int64(0), int64(1))
    width = several("Slice", several("Shape", rows), int64(1), FAR)
    start = several("Expand", np.array(0.0), several("Concat", texts, width, axis=0))
    summed = several("Loop", chunks, "", start, body=body)
    single = _sum_rows(one, one("Squeeze", chosen, int64(1)), rows)
    return g(
        "If",
        g("Less", scalar(1), chunks),
        then_branch=several.as_branch(summed, TensorProto.DOUBLE),
        else_branch=one.as_branch(single, TensorProto.DOUBLE),
    )


def _sum_rows(g: GraphBuilder, chosen: str, rows: str) -> str:
    """Sums over the second axis: whole numbers up to 2**24, exact in float32 in any order."""
    return g.cast(g("ReduceSum", g("Gather", rows, chosen), int64(1), keepdims=0), TensorProto.DOUBLE)
