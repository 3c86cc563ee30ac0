import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.streams import LAST_NUMBER, Position, SequenceIds
from pinfold_server.errors import AppError, Code
from tests.services.refusals import refused

positions = st.builds(Position, st.integers(0, 2**64 - 1), st.integers(0, LAST_NUMBER))
secrets = st.binary(min_size=16, max_size=16)
epochs = st.integers(0, 2**32 - 1)


@given(positions, secrets, epochs)
def test_a_sequence_id_is_read_as_it_was_written(position, secret, epoch):
    text = SequenceIds(secret, epoch).encode(position)
    assert len(text) == 32
    assert SequenceIds(secret, epoch).decode(text, "sequence_id") == position


@given(positions, positions)
def test_places_compare_by_arrival_and_then_by_number(one, other):
    assert (one < other) == ((one.arrival, one.number) < (other.arrival, other.number))


@given(positions, secrets, epochs, st.integers(0, 31), st.characters(codec="utf-8"))
def test_a_changed_character_is_noticed(position, secret, epoch, place, character):
    text = SequenceIds(secret, epoch).encode(position)
    changed = text[:place] + character + text[place + 1 :]
    if changed == text:
        assert SequenceIds(secret, epoch).decode(changed, "sequence_id") == position
    else:
        with refused(Code.INVALID, "INVALID_SEQUENCE_ID", "sequence_id"):
            SequenceIds(secret, epoch).decode(changed, "sequence_id")


@given(positions, st.lists(secrets, min_size=2, max_size=2, unique=True), epochs)
def test_an_id_of_another_stream_is_refused(position, both, epoch):
    text = SequenceIds(both[0], epoch).encode(position)
    with refused(Code.INVALID, "INVALID_SEQUENCE_ID", "sequence_id"):
        SequenceIds(both[1], epoch).decode(text, "sequence_id")


@given(st.text())
def test_whatever_is_sent_gets_an_answer_about_the_field(text):
    with pytest.raises(AppError) as raised:
        SequenceIds(b"secret", 0).decode(text, "sequence_id")
    assert raised.value.reason == "INVALID_SEQUENCE_ID"


def test_an_id_from_before_a_reset_has_expired():
    text = SequenceIds(b"secret", 1).encode(Position(3, 4))
    with refused(Code.PRECONDITION, "SEQUENCE_ID_EXPIRED"):
        SequenceIds(b"secret", 2).decode(text, "sequence_id")
