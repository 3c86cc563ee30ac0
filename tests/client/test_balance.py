import threading
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from pinfold._balance import Balance


def test_calls_one_after_another_use_the_channels_in_turn() -> None:
    balance = Balance(3)
    places = []
    for _ in range(6):
        places.append(balance.take())
        balance.give_back(places[-1])

    assert places == [0, 1, 2, 0, 1, 2]


def test_a_busy_channel_is_left_alone() -> None:
    balance = Balance(2)
    slow = balance.take()
    others = []
    for _ in range(5):
        others.append(balance.take())
        balance.give_back(others[-1])

    assert set(others) == {1 - slow}


@given(st.integers(1, 8), st.lists(st.booleans(), max_size=60))
def test_the_channel_taken_has_the_fewest_calls_under_way(channels: int, takes: list[bool]) -> None:
    balance, under_way = Balance(channels), Counter(dict.fromkeys(range(channels), 0))
    for take in takes:
        busiest = max(under_way, key=lambda place: under_way[place])
        if take or not under_way[busiest]:
            place = balance.take()
            assert under_way[place] == min(under_way.values())
            under_way[place] += 1
        else:
            balance.give_back(busiest)
            under_way[busiest] -= 1


def test_threads_lose_no_count() -> None:
    balance = Balance(4)

    def calls() -> None:
        for _ in range(500):
            balance.give_back(balance.take())

    threads = [threading.Thread(target=calls) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(balance.take() for _ in range(4)) == [0, 1, 2, 3]
