import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.documents import postings

RISING = st.sets(st.integers(0, 2**32 - 1) | st.integers(0, 3_000), min_size=1).map(sorted)


@given(RISING)
def test_what_is_decoded_is_what_was_encoded(numbers: list[int]) -> None:
    pieces = postings.encode(numbers)
    assert all(len(piece) <= postings.PIECE_BYTES_MAX for _, piece in pieces)
    assert postings.joined([postings.decode(*piece) for piece in pieces]).tolist() == numbers


@pytest.mark.parametrize(("step", "bytes_each"), [(1, 1), (255, 1), (256, 2), (65_535, 2), (65_536, 4)])
def test_a_difference_takes_as_few_bytes_as_it_can(step: int, bytes_each: int) -> None:
    numbers = list(range(7, 7 + 10_000 * step, step))
    pieces = postings.encode(numbers)
    assert sum(len(piece) for _, piece in pieces) <= 10_000 * bytes_each
    assert postings.joined([postings.decode(*piece) for piece in pieces]).tolist() == numbers


@given(st.lists(st.sets(st.integers(0, 30)), min_size=1, max_size=4))
def test_common_numbers(sets: list[set[int]]) -> None:
    found = postings.common([postings.numbers(sorted(one)) for one in sets])
    assert found.tolist() == sorted(set.intersection(*sets))


@pytest.mark.parametrize("piece", [b"\3abc", b"\2a", b"\0"])
def test_bytes_that_are_no_postings_are_refused(piece: bytes) -> None:
    with pytest.raises(ValueError, match="no postings"):
        postings.decode(1, piece)


def test_a_range_is_cut_and_continued() -> None:
    numbers = postings.numbers([2, 5, 9])
    assert postings.without_later(numbers, 5).tolist() == [2, 5]
    assert postings.followed_by(postings.without_later(numbers, 5), 6, 8).tolist() == [2, 5, 6, 7, 8]
    assert postings.followed_by(numbers, 10, 9).tolist() == [2, 5, 9]
