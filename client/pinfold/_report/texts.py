"""Texts of strangers, and figures, as people read them (pure)."""

import re

# What XML 1.0 has no character for; texts of documents hold all of it.
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u007f-\u009f]")
_TEXT_SHOWN = 300


def plain(text: str) -> str:
    """Without characters that no page can hold; each is shown as the replacement character."""
    return _UNPRINTABLE.sub("\ufffd", text)


def short(text: str) -> str:
    """The first characters of a text in one line."""
    line = " ".join(plain(text).split())
    return line if len(line) <= _TEXT_SHOWN else line[: _TEXT_SHOWN - 1] + "…"


def figure(value: float | None, digits: int = 3) -> str:
    """A figure with fixed digits, a dash where there is none."""
    return "–" if value is None else f"{value:.{digits}f}"


def quantity(value: float) -> str:
    """A count or a share, without digits that say nothing."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def change(value: float) -> str:
    """A difference with its sign."""
    return f"{value:+.3f}"


def words(value: object) -> str:
    """A choice of the protocol, such as `k_fold`, as words; a dash for one that this release does not know."""
    return "–" if value is None else str(value).replace("_", " ")
