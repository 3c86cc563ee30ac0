"""Groups of documents: what they find, and that they are the same every time."""

import numpy as np

from pinfold_server.training.scoring.clusters import form_groups, keywords

TOPICS = ("parcel courier delivery late", "refund money invoice charged", "password login account locked")
TEXTS = [f"{topic} {place % 3} {word}" for place in range(40) for topic in TOPICS for word in topic.split()[:2]]


def test_texts_that_share_words_share_a_group() -> None:
    groups, affinities = form_groups(TEXTS).assign(TEXTS)
    for group in set(groups.tolist()):
        topics = {text.split()[0] for text, own in zip(TEXTS, groups, strict=True) if own == group}
        assert len(topics) == 1
    assert affinities.min() > 0.3
    assert affinities.max() <= 1


def test_keywords_tell_a_group_from_the_others() -> None:
    grouping = form_groups(TEXTS)
    groups, _ = grouping.assign(TEXTS)
    words = keywords(TEXTS, groups, grouping.count)
    for group in set(groups.tolist()):
        topic = next(text for text, own in zip(TEXTS, groups, strict=True) if own == group)
        assert set(words[group][:4]) <= set(topic.split())


def test_the_same_texts_give_the_same_groups() -> None:
    one, other = form_groups(TEXTS), form_groups(TEXTS)
    assert np.array_equal(one.centres, other.centres)


def test_texts_without_words_and_a_single_text_are_no_trouble() -> None:
    grouping = form_groups(["!!!"])
    assert keywords(["!!!"], grouping.assign(["!!!"])[0], grouping.count)[0] == []
    assert grouping.assign([])[0].tolist() == []
    assert len(form_groups(["same words"] * 30).assign(["same words", "other"])[0]) == 2
