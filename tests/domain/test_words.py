import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.documents.words import WORD_CHARS_MAX, holds_phrase, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("Where's my REFUND_2?", ["where", "s", "my", "refund_2"]),
        ("Größe ﬁne Ⅷ", ["grösse", "fine", "viii"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("我要退款now", ["我", "要", "退", "款", "now"]),
        ("a\0b\u2028c", ["a", "b", "c"]),
        ("\ud800x", ["x"]),
        ("x" * 100 + " y", ["x" * WORD_CHARS_MAX, "y"]),
        ("é" * 100, ["é" * WORD_CHARS_MAX]),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text())
def test_reading_words_again_changes_nothing(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words
    assert all(0 < len(word) <= WORD_CHARS_MAX for word in words)


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=3))
def test_a_phrase_is_a_run_of_words(words: list[str], phrase: list[str]) -> None:
    runs = [words[begin : begin + len(phrase)] for begin in range(len(words) + 1)]
    assert holds_phrase(words, phrase) is (phrase in runs)
