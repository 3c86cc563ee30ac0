"""Random histories of uploads, annotations and deletions, compared with a model made of dictionaries."""

import asyncio
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pinfold_server.domain.labels.labels import levels
from pinfold_server.services.annotations.annotations import AnnotationUpdate
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.datasets.datasets import DatasetFields
from pinfold_server.services.labels.labels import LabelUpdate
from pinfold_server.store import garbage
from tests.stores import item, open_bench

SOURCES = ("mail", "chat")
DATASETS = {"both": SOURCES, "one": ("mail",)}
PATHS = ("A", "A > B", "A > B > C", "D")

documents = st.sampled_from([f"d{n}" for n in range(2)])
path_sets = st.sampled_from([paths for size in range(3) for paths in permutations(PATHS, size)])
texts = st.sampled_from(["one", "two", " "])
rows_of_batches = st.tuples(documents, texts, st.none() | path_sets)
batches = st.lists(rows_of_batches, max_size=4, unique_by=lambda row: row[0])
dataset_ids = st.sampled_from(sorted(DATASETS))
source_ids = st.sampled_from(SOURCES)
Row = tuple[str, str, tuple[str, ...] | None]


@dataclass
class Said:
    assigned: frozenset[str] = frozenset()
    dismissed: frozenset[str] = frozenset()
    reviewed: bool = False


@dataclass
class Model:
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    said: dict[tuple[str, str, str], Said] = field(default_factory=dict)  # by dataset, source, document
    labels: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in DATASETS})

    def say(self, dataset: str, place: tuple[str, str], said: Said) -> bool:
        """True when it is something new."""
        key = (dataset, *place)
        before = self.said.pop(key, Said())
        if said != Said():
            self.said[key] = said
        return said != before


def closed(paths: frozenset[str]) -> frozenset[str]:
    return frozenset(level for path in paths for level in levels(path))


def leaves(paths: tuple[str, ...]) -> frozenset[str]:
    return frozenset(path for path in paths if not any(other != path and path in levels(other) for other in paths))


class Histories(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.bench = self.stack.enter_context(open_bench(Path(folder) / "store"))
        self.runner = self.stack.enter_context(asyncio.Runner())
        self.model = Model()
        for source in SOURCES:
            self.runner.run(self.bench.use.sources.create(source, ""))
        for dataset, sources in DATASETS.items():
            self.runner.run(self.bench.use.datasets.create(dataset, DatasetFields(source_ids=sources)))
        self.revisions = dict.fromkeys(DATASETS, 0)
        # Something to annotate from the start.
        self.make_labels("both", PATHS)
        for source in SOURCES:
            self.upload("both", source, [("d0", "one", ()), ("d1", "one", ())], create=False)

    def teardown(self) -> None:
        with self.stack:
            assert self.bench.findings() == []

    @rule(dataset=dataset_ids, source=source_ids, rows=batches, create=st.booleans())
    def upload(self, dataset: str, source: str, rows: list[Row], create: bool) -> None:
        if source not in DATASETS[dataset]:
            return
        items = [item(*row) for row in rows]
        answer = self.runner.run(self.bench.upload(*items, source=source, dataset=dataset, create=create))
        known, changed, failed = self.model.labels[dataset], 0, 0
        created = len(known)
        for document, text, paths in rows:
            if text == " " or (paths and not create and not set(paths) <= known):
                failed += 1
                continue
            self.model.texts[source, document] = text
            if paths is not None:
                known |= closed(frozenset(paths))
                assigned = leaves(paths)
                before = self.model.said.get((dataset, source, document), Said())
                said = Said(assigned, before.dismissed - closed(assigned), True)
                changed += self.model.say(dataset, (source, document), said)
        created = len(known) - created
        assert (answer.annotated_count, answer.failed_count, answer.labels_created_count) == (changed, failed, created)
        self.revise(dataset, changed + created)

    @rule(dataset=dataset_ids, paths=path_sets.filter(bool))
    def make_labels(self, dataset: str, paths: tuple[str, ...]) -> None:
        self.runner.run(self.bench.use.labels.upsert(dataset, [LabelUpdate(path) for path in paths]))
        new = closed(frozenset(paths)) - self.model.labels[dataset]
        self.model.labels[dataset] |= new
        self.revise(dataset, len(new))

    @rule(
        dataset=dataset_ids,
        place=st.tuples(source_ids, documents),
        assigned=st.none() | path_sets,
        dismissed=st.none() | path_sets,
        reviewed=st.none() | st.booleans(),
    )
    def annotate(
        self,
        dataset: str,
        place: tuple[str, str],
        assigned: tuple[str, ...] | None,
        dismissed: tuple[str, ...] | None,
        reviewed: bool | None,
    ) -> None:
        update = AnnotationUpdate("sources/{}/documents/{}".format(*place), assigned, dismissed, reviewed)
        answer = self.runner.run(self.bench.use.annotations.annotate(dataset, [update]))
        told = {*(assigned or ()), *(dismissed or ())}
        clash = closed(frozenset(assigned or ())) & set(dismissed or ())
        if (
            place not in self.model.texts
            or place[0] not in DATASETS[dataset]
            or told - self.model.labels[dataset]
            or clash
        ):
            assert len(answer.failures) == 1
            self.revise(dataset, 0)
            return
        said = self.model.said.get((dataset, *place), Said())
        said = Said(said.assigned, said.dismissed, said.reviewed if reviewed is None else reviewed)
        if assigned is not None:
            said.assigned = leaves(assigned)
            said.dismissed -= closed(said.assigned)
        if dismissed is not None:
            said.dismissed = frozenset(dismissed)
            said.assigned = frozenset(path for path in said.assigned if not said.dismissed & set(levels(path)))
        changed = self.model.say(dataset, place, said)
        assert (answer.changed_count, answer.unchanged_count) == (int(changed), int(not changed))
        self.revise(dataset, changed)

    @rule(source=source_ids, ids=st.lists(documents, min_size=1, max_size=4))
    def delete(self, source: str, ids: list[str]) -> None:
        answer = self.runner.run(self.bench.use.deletions.delete(source, ids))
        assert answer.deleted_count == sum(self.model.texts.pop((source, name), None) is not None for name in set(ids))
        for dataset in DATASETS:
            gone = [self.model.said.pop((dataset, source, name), None) for name in set(ids)]
            self.revise(dataset, sum(said is not None for said in gone))

    @rule()
    def make_a_dataset_again(self) -> None:
        self.runner.run(self.bench.use.datasets.delete("one"))
        self.runner.run(self.bench.use.datasets.create("one", DatasetFields(source_ids=DATASETS["one"])))
        with self.bench.store.write() as txn:
            garbage.sweep(txn, 3)
        self.model.said = {key: said for key, said in self.model.said.items() if key[0] != "one"}
        self.model.labels["one"] = set()
        self.revisions["one"] = 0

    @invariant()
    def everything_that_can_be_read_is_as_in_the_model(self) -> None:
        for source in SOURCES:
            count = sum(place[0] == source for place in self.model.texts)
            assert self.bench.use.sources.get(source).document_count == count
        for dataset in DATASETS:
            self.compare(dataset)

    def compare(self, dataset: str) -> None:
        mine = {key[1:]: said for key, said in self.model.said.items() if key[0] == dataset}
        infos = self.bench.use.annotations.list_annotations(dataset, PageRequest(1_000)).records
        found = {info.document: (set(info.assigned), set(info.dismissed), info.record.reviewed) for info in infos}
        assert found == {
            "sources/{}/documents/{}".format(*place): (set(said.assigned), set(said.dismissed), said.reviewed)
            for place, said in mine.items()
        }
        assigned = Counter(level for said in mine.values() for level in closed(said.assigned))
        dismissed = Counter(path for said in mine.values() for path in said.dismissed)
        labels = self.bench.use.labels.list_labels(dataset, PageRequest()).records
        assert {label.name: (label.assigned_count, label.dismissed_count) for label in labels} == {
            path: (assigned[path], dismissed[path]) for path in self.model.labels[dataset]
        }
        record = self.bench.use.datasets.get(dataset)
        assert (record.annotated_count, record.label_count) == (len(mine), len(labels))
        assert record.reviewed_count == sum(said.reviewed for said in mine.values())

    def revise(self, dataset: str, changes: int) -> None:
        """One transaction that changed anything raises the revision by exactly one."""
        self.revisions[dataset] += bool(changes)
        assert self.bench.use.datasets.get(dataset).revision == self.revisions[dataset]


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
