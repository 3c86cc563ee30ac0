"""Texts as they come: any Unicode, and the cases that break text processing, mixed with words the models know."""

from hypothesis import strategies as st

_KNOWN = ["refund", "late", "fox", "dog", "naïve", "café", "שלום", "हिन्दी", "你好世界", "aa", "bb", "billing"]
_ODD = (
    "\x00", "\x1f\x7f\x9f", "\n\t ", "\ud800", "\udfff", "👩‍🚀", "❤️", "🇩🇪", "e\u0301", "a\u0300\u0323\u0301",
    "ﬁ", "ß", "İ", "\u202e", "\u200d", "\ufdfa", "\U0010ffff", "\U00031350", "_", "x_y", "--", "q" * 60, "ab" * 40,
)  # fmt: skip

words = st.one_of(st.sampled_from(_KNOWN), st.sampled_from(_ODD), st.text(max_size=12))
texts = st.one_of(
    st.text(max_size=60),
    st.lists(words, max_size=25).map(" ".join),
    st.lists(words, max_size=25).map("".join),
)
batches = st.lists(texts, min_size=1, max_size=6)
