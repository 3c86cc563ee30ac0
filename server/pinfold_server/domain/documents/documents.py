"""What makes a document, and what is refused."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pinfold_server.domain.names import check_document_id, has_control
from pinfold_server.errors import AppError, invalid

METADATA_MAX = 64
METADATA_NAME_CHARS_MAX = 64
METADATA_STRING_CHARS_MAX = 1_024

#: The years 1 to 9999, in microseconds since 1970: what a protobuf timestamp can hold.
TIMESTAMP_US_MIN = -62_135_596_800_000_000
TIMESTAMP_US_MAX = 253_402_300_799_999_999

MetadataValue = str | float

# A character that a reader would see: not white space, not a control character, not an invisible mark of layout.
_VISIBLE = re.compile("[^\\s\x00-\x1f\x7f-\x9f\xad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it is sent.

    `timestamp_us` None: when it was uploaded first. A metadata value None stands for one that has no value.
    """

    id: str
    text: str
    timestamp_us: int | None = None
    metadata: Mapping[str, MetadataValue | None] = field(default_factory=dict)


def check_document(document: Document, path: str, text_bytes_max: int) -> None:
    """Raises AppError INVALID, its field below `path`, its reason by what is wrong."""
    check_document_id(document.id, f"{path}.id")
    text = document.text
    # A character takes at most four bytes: most texts need not be encoded to be measured.
    if len(text) * 4 > text_bytes_max and len(text.encode()) > text_bytes_max:
        raise invalid(f"{path}.text", f"must have at most {text_bytes_max:,} bytes of UTF-8", "TEXT_TOO_LONG")
    if not _VISIBLE.search(text):
        raise invalid(f"{path}.text", "must have at least one visible character", "EMPTY_TEXT")
    if "\0" in text:
        raise invalid(f"{path}.text", "must be text: it holds a NUL character, as binary files do", "NOT_TEXT")
    timestamp = document.timestamp_us
    if timestamp is not None and not TIMESTAMP_US_MIN <= timestamp <= TIMESTAMP_US_MAX:
        raise invalid(f"{path}.timestamp", "must lie in the years 1 to 9999", "INVALID_TIMESTAMP")
    if document.metadata:
        check_metadata(document.metadata, f"{path}.metadata")


def check_metadata(metadata: Mapping[str, MetadataValue | None], path: str) -> None:
    """Raises AppError INVALID_METADATA, its field `path` or below."""
    if len(metadata) > METADATA_MAX:
        raise _invalid_metadata(path, f"must have at most {METADATA_MAX} properties, got {len(metadata)}")
    for name, value in metadata.items():
        if not 1 <= len(name) <= METADATA_NAME_CHARS_MAX or has_control(name):
            description = f"names must have 1 to {METADATA_NAME_CHARS_MAX} characters and no control characters"
            raise _invalid_metadata(path, description)
        if value is None:
            raise _invalid_metadata(f"{path}[{name!r}]", "must be a string or a number")
        if isinstance(value, str) and len(value) > METADATA_STRING_CHARS_MAX:
            raise _invalid_metadata(f"{path}[{name!r}]", f"must have at most {METADATA_STRING_CHARS_MAX} characters")
        if isinstance(value, float) and not math.isfinite(value):
            raise _invalid_metadata(f"{path}[{name!r}]", "must be a finite number")


def _invalid_metadata(path: str, description: str) -> AppError:
    return invalid(path, description, "INVALID_METADATA")
