"""When the trainer indexes texts that arrive."""

from pinfold_server.training.indexing import LONGEST_WAIT_SECONDS, REST_SECONDS, Patience


def test_texts_that_rest_are_indexed_after_a_moment() -> None:
    patience = Patience()
    assert not patience.is_over(100, 0.0)
    assert not patience.is_over(100, REST_SECONDS / 2)
    assert patience.is_over(100, REST_SECONDS)
    assert patience.is_over(100, REST_SECONDS)  # batch after batch, until nothing is left


def test_an_upload_that_goes_on_is_left_alone() -> None:
    patience = Patience()
    assert not any(patience.is_over(1 + step, step * 0.1) for step in range(50))


def test_texts_that_never_rest_are_indexed_now_and_then() -> None:
    patience = Patience()
    steps = 1_000
    due = [patience.is_over(1 + step, step * 0.1) for step in range(steps)]
    assert sum(due) == int(steps * 0.1 / LONGEST_WAIT_SECONDS)


def test_what_was_waited_for_before_does_not_count_for_what_comes_later() -> None:
    patience = Patience()
    patience.is_over(100, 0.0)
    assert not patience.is_over(0, 1.0)
    assert not patience.is_over(200, LONGEST_WAIT_SECONDS + 1.0)


def test_what_goes_first_holds_up_texts_that_rest() -> None:
    patience = Patience()
    assert not any(patience.is_over(100, step * 0.1, busy=True) for step in range(50))
    assert patience.is_over(100, 5.0)


def test_beside_work_that_never_ends_texts_are_indexed_now_and_then() -> None:
    patience = Patience()
    steps = 1_000
    due = [patience.is_over(100, step * 0.1, busy=True) for step in range(steps)]
    assert sum(due) == int(steps * 0.1 / LONGEST_WAIT_SECONDS)
