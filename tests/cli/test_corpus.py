from collections import Counter

import pytest

from pinfold.cli import corpus


def test_thousands_of_texts_in_bounds_with_labels_in_a_hierarchy() -> None:
    texts = corpus.read_corpus()
    assert 3000 <= len(texts) <= 6000
    assert all(corpus.MIN_LENGTH <= len(text.text) <= corpus.MAX_LENGTH for text in texts)
    assert len({text.text for text in texts}) == len({text.id for text in texts}) == len(texts)
    counts = Counter(text.label for text in texts)
    assert len(counts) >= 25
    assert {label.split(" > ")[0] for label in counts} == {"numpy", "python", "scipy", "sklearn"}
    assert min(counts.values()) >= corpus.MIN_PER_LABEL
    assert max(counts.values()) <= corpus.MAX_PER_LABEL


def test_the_same_installation_gives_the_same_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "PARTS", {"sklearn": ("metrics", "cluster")})
    assert len(corpus.read_corpus()) > 100
    assert corpus.read_corpus() == corpus.read_corpus()


DOCSTRING = """Solve a sparse triangular system of equations by forward substitution and do it quickly.

    Too short.

    The matrix must be in a compressed format; other formats are converted first,
    and a warning tells so, which costs time.

    >>> solve(a, b)  # an example is not prose, however long it is: eighty characters and more
    array([1, 2])

    Parameters
    ----------
    a : matrix
        Everything from the first section on is left out, however long the paragraph may be.
    """


def test_prose_paragraphs_before_the_first_section() -> None:
    found = list(corpus.paragraphs(DOCSTRING))
    assert [text.split(" ")[0] for text in found] == ["Solve", "The"]
    assert found[1].endswith("converted first, and a warning tells so, which costs time.")
