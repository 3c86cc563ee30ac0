"""Unicode 14.0, whatever the interpreter knows: a pinned version answers the same bits under a newer Python.

Unicode's stability policies promise that NFKC and case folding of characters that a version has never change later.
Only characters that were assigned later need care: they stand for themselves, as they did when nobody knew them.
"""

import re
import unicodedata

VERSION = "14.0.0"
# fmt: off
LATER = (
    (0x897, 0x897), (0x1ACF, 0x1AEB), (0x1C89, 0x1C8A), (0xA7CB, 0xA7CF), (0xA7D2, 0xA7D2), (0xA7D4, 0xA7D4),
    (0xA7DA, 0xA7F1), (0x105C9, 0x105E4), (0x10D40, 0x10D85), (0x10EFA, 0x10EFF), (0x11382, 0x113D0),
    (0x116D0, 0x116E3), (0x11BF0, 0x11BF9), (0x11DE0, 0x11DE9), (0x11F41, 0x11F59), (0x1611E, 0x16139),
    (0x16D63, 0x16D79), (0x16EA0, 0x16ED3), (0x1CCD6, 0x1CCF9), (0x1E030, 0x1E08F), (0x1E4EC, 0x1E6F5),
)
# fmt: on
"""Ranges (first, last) without a character of Unicode 14.0, which hold all characters of 15.0 to 17.0 that NFKC or case
folding change, that combine with their neighbours, or that are decimal digits.
"""
LAST_KNOWN = "17.0.0"
"""The newest version of Unicode that `LATER` was made for."""

_RANGES = "".join(f"{chr(first)}-{chr(last)}" for first, last in LATER)
_LATER = re.compile(f"[{_RANGES}]")
_RUN = re.compile(f"[^{_RANGES}]+")
_NEWER = unicodedata.unidata_version != VERSION

DIGITS = re.compile(rf"(?:(?![{_RANGES}])\d)+" if _NEWER else r"\d+")
"""Runs of decimal digits, category Nd."""


def fold(text: str) -> str:
    """NFKC, then full case folding."""
    return fold_apart(text) if _NEWER and _LATER.search(text) else _fold(text)


def fold_apart(text: str) -> str:
    """The same on any interpreter: what was assigned later parts the text, as an unassigned code point does."""
    return _RUN.sub(lambda run: _fold(run[0]), text)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
