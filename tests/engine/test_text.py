import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinfold_server.engine.spec import CLASS_SIZE, MAX_CODE_POINTS
from pinfold_server.engine.text import Folding, encode, read_texts, word_characters
from tests.engine.quadratic import quadratic_seconds, timed
from tests.engine.strategies import batches, texts


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Hello, World", "hello, world"),
        ("STRASSE straße", "strasse strasse"),
        ("ﬁn Ⅷ ①", "fin viii 1"),
        ("E\u0301", "é"),
        ("a\x00b\tc\x7f\x9f", "a b c  "),
        ("\ud800x\udfff", "\ufffdx\ufffd"),
    ],
)
def test_text_is_folded_composed_and_freed_of_controls(text: str, read: str) -> None:
    assert read_texts([text]).texts == [read]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("see HTTPS://Example.org/a?b=1 now", "see _url_ now"),
        ("(www.example.org).", "(_url_"),
        ("http:// www. wwww.x https:/x", "http:// www. wwww.x https:/x"),
        ("https://例え.jp", "https://例え.jp"),
        ("https://example.org这是", "_url_这是"),
        ("12.50 € in 2024, ４２ ٣٤ x1y", "0.0 € in 0, 0 0 x0y"),
        ("http://10.0.0.1:80/", "_url_"),
    ],
)
def test_web_addresses_and_numbers_are_folded_when_asked_for(text: str, read: str) -> None:
    assert read_texts([text], tuple(Folding)).texts == [read]


@given(texts)
def test_folding_never_makes_a_text_longer(text: str) -> None:
    assert len(read_texts([text], tuple(Folding)).texts[0]) <= len(read_texts([text]).texts[0])


@given(texts)
def test_what_a_model_reads_never_holds_a_control_or_a_surrogate(text: str) -> None:
    points = [ord(character) for character in read_texts([text]).texts[0]]
    assert all(point >= 32 and not 0x7F <= point <= 0x9F and not 0xD800 <= point <= 0xDFFF for point in points)


@given(batches)
def test_a_zero_ends_each_text_and_stands_nowhere_else(batch: list[str]) -> None:
    codes = encode(batch)
    assert codes.dtype == np.int32
    assert np.count_nonzero(codes == 0) == len(batch)
    assert codes[-1] == 0


def test_no_texts_are_no_code_points() -> None:
    assert encode([]).shape == (0,)


@pytest.mark.parametrize("letter", ["a", "é"])
def test_text_at_the_limit_is_read_whole_and_one_above_is_cut(letter: str) -> None:
    read = read_texts([letter * MAX_CODE_POINTS, "short", letter * (MAX_CODE_POINTS + 1)])
    assert read.truncated == [2]
    assert [len(text) for text in read.texts] == [MAX_CODE_POINTS, 5, MAX_CODE_POINTS]


def test_text_that_grows_by_normalisation_is_cut_as_well() -> None:
    grown = read_texts(["\ufdfa" * 10_000])  # 18 characters each
    assert grown.truncated == [0]
    assert len(grown.texts[0]) == MAX_CODE_POINTS


def test_a_long_run_of_combining_marks_takes_no_quadratic_time() -> None:
    text = "a" + "\u0315\u0300" * (MAX_CODE_POINTS // 2)
    taken, _ = timed(lambda: read_texts([text]))
    assert taken < quadratic_seconds(text)


def test_words_are_made_of_letters_digits_underscores_and_marks() -> None:
    table = word_characters()
    assert table.shape == (CLASS_SIZE,)
    assert all(table[ord(character)] for character in "aZ9_éшש你\u0301\u093f")
    assert not any(table[ord(character)] for character in "\0 -.,!?'—😀\u200d\ufffd")


@given(st.text(max_size=40) | st.text(st.characters(categories=["Cc", "Cs", "Lu", "Zs"]), max_size=40))
@settings(max_examples=200)
def test_the_short_way_for_printable_texts_gives_what_the_long_way_gives(text: str) -> None:
    (read,) = read_texts([text]).texts
    folded = unicodedata.normalize("NFKC", text).casefold()
    assert read == "".join({"Cc": " ", "Cs": "\ufffd"}.get(unicodedata.category(letter), letter) for letter in folded)
