from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.metrics import Family, Histogram, Sample, counter, decode, encode, gauge, histogram
from pinfold_server.supervision.exposition import page
from tests.scraping import parse, value


def test_counters_of_several_processes_are_series_of_one_family():
    reports = {name: [counter("calls_total", "Calls.", calls)] for name, calls in (("worker-0", 2), ("worker-1", 3))}

    assert page(reports) == (
        "# HELP calls_total Calls.\n"
        "# TYPE calls_total counter\n"
        'calls_total{process="worker-0"} 2\n'
        'calls_total{process="worker-1"} 3\n'
    )


def test_what_all_processes_share_is_told_once():
    reports = {name: [gauge("store_bytes", "Size.", 7, shared=True)] for name in ("worker-0", "worker-1")}

    assert page(reports).splitlines()[2:] == ["store_bytes 7"]


def test_a_histogram_counts_what_is_at_or_below_each_bound():
    found = Histogram((1.0, 2.5))
    for seconds in (0.5, 1.0, 2.0, 9.0):
        found.observe(seconds)

    assert page({"w": [histogram("wait_seconds", "Waits.", found)]}).splitlines()[2:] == [
        'wait_seconds_bucket{process="w",le="1"} 2',
        'wait_seconds_bucket{process="w",le="2.5"} 3',
        'wait_seconds_bucket{process="w",le="+Inf"} 4',
        'wait_seconds_sum{process="w"} 12.5',
        'wait_seconds_count{process="w"} 4',
    ]


@given(st.dictionaries(st.text(), st.floats(allow_nan=False, allow_infinity=False), max_size=4))
def test_any_value_of_a_label_stays_in_its_place(found):
    samples = tuple(Sample((("name", text),), number) for text, number in found.items())
    family = Family("things", "gauge", "Things.", samples)

    lines = page({"w": [family]}).split("\n")
    assert len(lines) == 3 + len(found)
    for line in lines[2:-1]:
        assert line.startswith('things{process="w",name="')


@given(st.lists(st.floats(0, 100)))
def test_a_report_survives_its_way_to_the_supervisor(seconds):
    found = Histogram()
    for one in seconds:
        found.observe(one)
    families = [histogram("a_seconds", "A.", found), gauge("b", "B.", 2.5, shared=True)]
    families.append(Family("c_total", "counter", "C.", (Sample((("code", "OK"),), 3),)))

    assert decode(encode(families)) == families
    assert b"\n" not in encode(families)


def test_a_page_without_processes_is_empty():
    assert value(parse(page({})), "anything") == 0
