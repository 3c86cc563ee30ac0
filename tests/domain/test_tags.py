from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.releases.tags import TagPosition, move, previous_version, roll_back


def always(_version: int) -> bool:
    return True


def test_a_first_move_has_nothing_to_return_to():
    position = move(None, 3)

    assert position == TagPosition(3, ())
    assert previous_version(position.earlier) == 0
    assert roll_back(position, always) is None


def test_pointing_to_the_same_version_again_is_no_step():
    position = move(move(None, 3), 4)

    assert move(position, 4) is position


def test_rollbacks_walk_back_step_by_step():
    position = move(move(move(None, 1), 2), 3)

    once = roll_back(position, always)
    assert once == TagPosition(2, (1,))
    twice = roll_back(once, always)
    assert twice == TagPosition(1, ())
    assert roll_back(twice, always) is None


def test_a_rollback_passes_over_versions_that_are_no_longer_pinned():
    position = move(move(move(None, 1), 2), 3)

    assert roll_back(position, lambda version: version != 2) == TagPosition(1, ())
    assert roll_back(position, lambda version: version == 3) is None


def test_a_rollback_never_stays_where_it_is():
    there_and_back = TagPosition(2, (1, 2))

    assert roll_back(there_and_back, always) == TagPosition(1, ())


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30))
def test_after_any_moves_rollbacks_visit_the_moves_backwards(versions: list[int]):
    position = None
    for version in versions:
        position = move(position, version)
    steps = [version for place, version in enumerate(versions) if place == 0 or versions[place - 1] != version]

    seen = []
    while position is not None:
        seen.append(position.version)
        position = roll_back(position, always)

    assert seen == steps[::-1]
