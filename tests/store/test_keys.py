import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.store import keys
from pinfold_server.store.env import MAX_KEY_BYTES

U32 = st.integers(0, 2**32 - 1)
U64 = st.integers(0, 2**64 - 1)
IDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
SHA = bytes(range(32))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (keys.meta("format"), "01 666f726d6174"),
        (keys.counter("source"), "02 736f75726365"),
        (keys.source("s"), "10 73"),
        (keys.document(1, "d"), "11 00000001 64"),
        (keys.document_number(1, 2), "12 00000001 00000002"),
        (keys.word_postings(keys.word(1, "w"), 2), "13 00000001 77 00 00000002"),
        (keys.document_time(1, -1, "d"), "14 00000001 7fffffffffffffff 64"),
        (keys.text_digest(1, bytes(range(8)), 2), "15 00000001 0001020304050607 00000002"),
        (keys.dataset("s"), "20 73"),
        (keys.label(1, 258), "21 00000001 00000102"),
        (keys.annotation(1, 2, "d"), "22 00000001 00000002 64"),
        (keys.labelled(keys.ANNOTATION_LABEL, 1, 2) + keys.place(3, "d"), "24 00000001 00000002 00000003 64"),
        (keys.labelled(keys.DISMISSED_LABEL, 1, 2) + keys.place(3, "d"), "25 00000001 00000002 00000003 64"),
        (keys.former_label(1, 2), "26 00000001 00000002"),
        (keys.label_event(1, 2), "27 00000001 0000000000000002"),
        (keys.label_name(1, "A > B"), "23 00000001 41203e2042"),
        (keys.run(1, 2), "30 00000001 0000000000000002"),
        (keys.waiting_run(3), "31 0000000000000003"),
        (keys.version(1, 2), "32 00000001 00000002"),
        (keys.version_labels(1, 2), "33 00000001 00000002"),
        (keys.version_golden(1, 2), "34 00000001 00000002"),
        (keys.run_configuration("fast"), "38 66617374"),
        (keys.tag(1, "live"), "40 00000001 6c697665"),
        (keys.tag_event(1, 2), "41 00000001 0000000000000002"),
        (keys.artefact(SHA), "50" + SHA.hex()),
        (keys.chunk(SHA, 1), "51" + SHA.hex() + "00000001"),
        (keys.request_age(1, keys.REQUEST + SHA), "61 0000000000000001" + SHA.hex()),
        (keys.garbage(1), "70 0000000000000001"),
        (keys.stream(1, "s"), "80 00000001 73"),
        (keys.stream_exception(1, 2, 3, "d"), "81 00000001 00000002 00000003 64"),
        (keys.arrival(1, 2), "82 00000001 0000000000000002"),
    ],
)
def test_a_stored_key_never_changes_its_bytes(key: bytes, expected: str) -> None:
    assert key == bytes.fromhex(expected)


@given(U32, IDS)
def test_a_document_key_gives_back_its_id(source_uid: int, document_id: str) -> None:
    assert keys.document_id_of(keys.document(source_uid, document_id)) == document_id


@given(U32, U32, IDS)
def test_an_annotation_key_gives_back_its_document(dataset_uid: int, source_uid: int, document_id: str) -> None:
    key = keys.annotation(dataset_uid, source_uid, document_id)
    assert keys.annotated_document(key) == (source_uid, document_id)
    assert keys.dataset_uid_of(key) == dataset_uid


@given(U32, U64)
def test_values_give_back_their_numbers(small: int, large: int) -> None:
    assert keys.decode_number(keys.encode_number(large)) == large
    assert keys.decode_run_reference(keys.encode_run_reference(small, large)) == (small, large)


@given(U64, st.text(max_size=20))
def test_the_age_of_a_request_gives_back_time_and_key(created_us: int, request_id: str) -> None:
    key = keys.request("Train", request_id)
    assert keys.aged_request(keys.request_age(created_us, key)) == (created_us, key)


@pytest.mark.parametrize("build", [keys.run, keys.tag_event, keys.version, keys.label])
@given(pairs=st.lists(st.tuples(U32, U32), max_size=10))
def test_numbered_keys_sort_by_dataset_and_number(
    build: Callable[[int, int], bytes], pairs: list[tuple[int, int]]
) -> None:
    assert sorted(pairs) == sorted(pairs, key=lambda pair: build(*pair))


@given(st.lists(st.tuples(U32, IDS), max_size=10))
def test_documents_sort_by_source_and_then_by_the_bytes_of_their_id(pairs: list[tuple[int, str]]) -> None:
    by_key = sorted(pairs, key=lambda pair: keys.document(*pair))
    assert by_key == sorted(pairs, key=lambda pair: (pair[0], pair[1].encode()))


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_nothing_lies_between_a_key_and_what_comes_after_it(key: bytes, other: bytes) -> None:
    assert (other > key) == (other >= keys.after(key))


@given(U32, st.binary(max_size=20))
def test_past_is_after_all_keys_of_a_prefix_and_before_all_others(uid: int, rest: bytes) -> None:
    prefix = keys.documents(uid)
    assert prefix + rest < keys.past(prefix)
    assert keys.past(prefix) <= keys.documents(uid + 1) if uid < 2**32 - 1 else keys.past(prefix) == b"\x12\0\0\0\0"


def test_the_longest_names_fit_into_a_key() -> None:
    longest = [keys.label_name(1, "x" * 480), keys.annotation(1, 1, "x" * 256), keys.tag(1, "x" * 63)]
    assert max(map(len, longest)) <= MAX_KEY_BYTES


def test_every_kind_of_record_has_a_first_byte_of_its_own_and_is_in_the_table() -> None:
    kinds = [value for name, value in vars(keys).items() if name.isupper() and isinstance(value, bytes)]
    assert len(kinds) == len(set(kinds))
    assert [kind.hex() for kind in sorted(kinds)] == re.findall("^ +0x(..) ", keys.__doc__ or "", re.MULTILINE)
