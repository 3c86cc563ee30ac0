"""Hashes of many documents are those of each."""

from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.documents.fingerprints import digest_of, digests_of, tie_of, ties_of

TIMES = st.integers(-(2**63), 2**63 - 1)


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_ties_of_many_names_are_those_of_each(names: list[bytes]) -> None:
    assert ties_of(names).tolist() == [tie_of(name) for name in names]


@given(st.lists(st.tuples(st.text(max_size=40), TIMES), max_size=6))
def test_digests_of_many_texts_are_those_of_each(documents: list[tuple[str, int]]) -> None:
    texts, times = [text for text, _ in documents], [time for _, time in documents]
    assert digests_of(texts, times).tolist() == [digest_of(text, time) for text, time in documents]


def test_stored_hashes_never_change() -> None:
    assert tie_of(b"a name") == 7540827019044143697
    assert digest_of("a text", 1) == 18036353816607385236
