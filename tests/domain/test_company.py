from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.predictions.company import Company


def test_calls_that_meet_nobody_are_never_in_company() -> None:
    company = Company()

    assert not any(company.came(now / 1000, meets=False) for now in range(10_000))


def test_some_meetings_in_a_row_are_company_for_a_while() -> None:
    company = Company(meetings_min=3, alone_weighs=2, seconds=0.1)

    assert [company.came(1.0, meets=True) for _ in range(3)] == [False, False, True]
    assert company.came(1.09, meets=False)
    assert not company.came(1.1, meets=False)
    assert [company.came(1.2, meets=True) for _ in range(3)] == [False, False, True]


def test_a_meeting_now_and_then_is_no_company() -> None:
    company = Company(meetings_min=2, alone_weighs=3)

    assert not any(company.came(1.0, meets=place % 4 == 0) for place in range(1000))


def test_callers_who_meet_at_every_third_call_are_found() -> None:
    company = Company(meetings_min=4, alone_weighs=8)

    assert any(company.came(1.0, meets=place % 3 == 0) for place in range(30))


@given(st.lists(st.tuples(st.floats(0, 0.05), st.booleans()), max_size=200))
def test_company_lasts_from_a_meeting_for_the_time_that_was_given(calls: list[tuple[float, bool]]) -> None:
    company, now, began = Company(seconds=0.1), 0.0, None
    for pause, meets in calls:
        now += pause
        together = company.came(now, meets=meets)
        if began is not None and now < began + 0.1:
            assert together
            continue
        assert not together or meets
        began = now if together else None
