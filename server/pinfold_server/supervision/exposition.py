"""Reports of several processes as one page in the text format of Prometheus (0.0.4).

Every series gets the label `process`, so that a restart is seen as what it is: the counters of that process begin
anew. Sums over a server are for the reader to build.
"""

from collections.abc import Iterable, Iterator, Mapping

from pinfold_server.metrics import Family, Labels, Sample

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def page(reports: Mapping[str, Iterable[Family]]) -> str:
    """`reports` by the name of their process."""
    blocks: dict[str, list[str]] = {}
    shared: set[str] = set()
    for process, families in reports.items():
        for family in families:
            if family.name in shared:
                continue
            if family.shared:
                shared.add(family.name)
            head = [f"# HELP {family.name} {family.help}", f"# TYPE {family.name} {family.kind}"]
            own: Labels = () if family.shared else (("process", process),)
            blocks.setdefault(family.name, head).extend(_lines(family, own))
    return "".join(line + "\n" for block in blocks.values() for line in block)


def _lines(family: Family, own: Labels) -> Iterator[str]:
    for sample in family.samples:
        labels = (*own, *sample.labels)
        if family.kind == "histogram":
            yield from _histogram(family, sample, labels)
        else:
            yield f"{family.name}{_braces(labels)} {_number(sample.value)}"


def _histogram(family: Family, sample: Sample, labels: Labels) -> Iterator[str]:
    below = 0
    for bound, count in zip((*map(_number, family.bounds), "+Inf"), sample.counts, strict=True):
        below += count
        yield f"{family.name}_bucket{_braces((*labels, ('le', bound)))} {below}"
    yield f"{family.name}_sum{_braces(labels)} {_number(sample.value)}"
    yield f"{family.name}_count{_braces(labels)} {below}"


def _braces(labels: Labels) -> str:
    inside = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels)
    return f"{{{inside}}}" if inside else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))
