"""Label paths: what is allowed, and which levels a path has.

Names are compared in Unicode's NFC form, and that form is what is stored: two spellings that look the same are one
label.
"""

import functools
import unicodedata
from collections.abc import Iterable, Sequence

from pinfold_server.domain.names import has_control
from pinfold_server.errors import invalid

SEPARATOR = " > "
PARTS_MAX = 16
PART_CHARS_MAX = 64
PATH_BYTES_MAX = 480


def check_path(value: str, field: str) -> str:
    """The path in NFC form. Raises AppError INVALID_LABEL naming `field`."""
    path, complaint = _checked(value)
    if complaint:
        raise invalid(field, complaint, "INVALID_LABEL")
    return path


def levels(path: str) -> tuple[str, ...]:
    """The paths of all levels from the root down to `path` itself."""
    parts = path.split(SEPARATOR)
    return tuple(SEPARATOR.join(parts[: depth + 1]) for depth in range(len(parts)))


def leaf_columns(paths: Sequence[str]) -> tuple[int, ...]:
    """Places of the labels that have none below them; `paths` closed over ancestors."""
    parents = {level for path in paths for level in levels(path)[:-1]}
    return tuple(place for place, path in enumerate(paths) if path not in parents)


def tree_order(path: str) -> tuple[str, ...]:
    """Sort key by which children follow their parent."""
    return tuple(path.split(SEPARATOR))


def missing_levels(paths: Iterable[str], known: Iterable[str]) -> list[str]:
    """Levels of `paths` that are not in `known`, each once, parents before children."""
    seen = set(known)
    missing: list[str] = []
    for path in paths:
        for level in levels(path):
            if level not in seen:
                seen.add(level)
                missing.append(level)
    return missing


@functools.lru_cache(maxsize=8_192)
def _checked(value: str) -> tuple[str, str]:
    """NFC form and what is wrong with it. Cached: an upload names the same few labels again and again."""
    # Normalising first could let a hostile name cost much; one this long is refused in any form.
    if len(value) > PATH_BYTES_MAX:
        return value, _too_long()
    path = unicodedata.normalize("NFC", value)
    if len(path.encode()) > PATH_BYTES_MAX:
        return path, _too_long()
    parts = path.split(SEPARATOR)
    if len(parts) > PARTS_MAX:
        return path, f"must have at most {PARTS_MAX} levels, got {len(parts)}"
    complaints = (_part_complaint(part) for part in parts)
    return path, next((complaint for complaint in complaints if complaint), "")


def _too_long() -> str:
    return f"must have at most {PATH_BYTES_MAX} bytes of UTF-8"


def _part_complaint(part: str) -> str:
    if not part:
        return "must have no empty level; levels are joined by ' > '"
    if len(part) > PART_CHARS_MAX:
        return f"each level must have at most {PART_CHARS_MAX} characters, got {len(part)}"
    if has_control(part):
        return "must have no control characters"
    if part != part.strip():
        return "a level must not begin or end with white space; levels are joined by ' > '"
    if ">" in part:
        return f"a level must not hold '>'; levels are joined by ' > ', got {part!r}"
    return ""
