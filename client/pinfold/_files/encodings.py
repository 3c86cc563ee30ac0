"""Which encoding a file has, by its first bytes."""

import codecs

UTF_8 = "utf-8-sig"
_MARKS = {
    codecs.BOM_UTF8: UTF_8,
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def guess(sample: bytes) -> str:
    """What the byte order mark says; else UTF-8 where the sample is UTF-8; else the likeliest legacy encoding.

    The last needs charset-normalizer (`pip install "pinfold[cli]"`); without it the answer is UTF-8, and reading on
    tells which byte is not.
    """
    for mark, encoding in _MARKS.items():
        if sample.startswith(mark):
            return encoding
    return UTF_8 if _is_utf_8(sample) else _detected(sample)


def _is_utf_8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # a character may be cut in two at the end
    except UnicodeDecodeError:
        return False
    return True


def _detected(sample: bytes) -> str:
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        return UTF_8
    found = from_bytes(sample[:65_536]).best()
    return UTF_8 if found is None else found.encoding
