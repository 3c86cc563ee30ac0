"""The frame of an archive: what went in comes out, and nothing else passes."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.container import FORMAT, MAGIC, PAYLOAD_BYTES_MAX, Packer, Unpacker
from pinfold_server.errors import AppError, Code
from tests.services.refusals import refused

PAYLOADS = st.lists(st.binary(max_size=300) | st.integers(0, 3_000_000).map(bytes), max_size=6)


def packed(payloads: list[bytes]) -> bytes:
    packer = Packer()
    return packer.begin() + b"".join(map(packer.add, payloads)) + packer.end()


def unpacked(data: bytes, piece: int = 1 << 16) -> list[bytes]:
    unpacker = Unpacker()
    assert list(unpacker.feed(b"")) == []
    found = [payload for at in range(0, len(data), piece) for payload in unpacker.feed(data[at : at + piece])]
    assert unpacker.finish() == data[-32:]
    return found


@given(PAYLOADS, st.integers(1, 5_000))
def test_payloads_come_back_however_the_file_is_cut(payloads: list[bytes], piece: int) -> None:
    assert unpacked(packed(payloads), piece) == payloads


@given(PAYLOADS)
def test_the_same_payloads_give_the_same_bytes(payloads: list[bytes]) -> None:
    assert packed(payloads) == packed(payloads)


@given(st.lists(st.binary(max_size=50), max_size=3), st.data())
def test_a_file_that_ends_early_is_refused(payloads: list[bytes], data: st.DataObject) -> None:
    whole = packed(payloads)
    cut = data.draw(st.integers(1, len(whole) - 1))
    with refused(Code.INVALID, "ARCHIVE_TRUNCATED", "data"):
        unpacked(whole[:cut])


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=3), st.data())
def test_no_changed_byte_passes(payloads: list[bytes], data: st.DataObject) -> None:
    whole = bytearray(packed(payloads))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(AppError) as raised:
        unpacked(bytes(whole))
    assert raised.value.reason in {"ARCHIVE_DAMAGED", "ARCHIVE_TRUNCATED", "ARCHIVE_FOREIGN", "ARCHIVE_NEWER"}


@given(st.binary(min_size=1, max_size=40))
def test_bytes_behind_the_end_are_refused(more: bytes) -> None:
    with refused(Code.INVALID, "ARCHIVE_DAMAGED", "data"):
        unpacked(packed([b"payload"]) + more)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PINFOLD", b"text,label\n" * 10])
def test_what_is_no_archive_is_said_to_be_none(data: bytes) -> None:
    reason = "ARCHIVE_TRUNCATED" if data == b"PINFOLD" else "ARCHIVE_FOREIGN"
    with refused(Code.INVALID, reason, "data"):
        unpacked(data)


def test_a_newer_format_is_refused_at_its_head() -> None:
    unpacker = Unpacker()
    with refused(Code.INVALID, "ARCHIVE_NEWER", "data"):
        list(unpacker.feed(MAGIC + struct.pack(">I", FORMAT + 1)))


def test_a_part_that_would_fill_the_memory_is_refused_before_it_is_read() -> None:
    unpacker = Unpacker()
    head = MAGIC + struct.pack(">I", FORMAT)
    bomb = zlib.compress(struct.pack(">I", PAYLOAD_BYTES_MAX + 1) + bytes(10_000_000))
    with refused(Code.INVALID, "ARCHIVE_DAMAGED", "data"):
        list(unpacker.feed(head + bomb))
