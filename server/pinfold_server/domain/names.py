"""Ids, tags and resource names: what is allowed, and how they are put together and taken apart."""

import re
from dataclasses import dataclass

from pinfold_server.errors import invalid

LATEST = "latest"
LIVE = "live"
STAGING = "staging"

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_TAG = re.compile(r"[a-z][a-z0-9-]{0,62}")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

DOCUMENT_ID_BYTES_MAX = 256
ACTOR_CHARS_MAX = 128
TITLE_CHARS_MAX = 128
DESCRIPTION_CHARS_MAX = 16_384


@dataclass(frozen=True, slots=True)
class VersionRef:
    """Which version is asked for: a number, or else a tag (`latest` included)."""

    number: int | None
    tag: str | None


def check_id(value: str, field: str) -> str:
    """The id of a source or dataset. Raises AppError INVALID naming `field`."""
    if not _ID.fullmatch(value):
        raise invalid(field, f"must match [a-z0-9][a-z0-9-]{{0,62}}, got {_shown(value)}", "INVALID_ID")
    return value


def check_tag(value: str, field: str) -> str:
    """The name of a tag that can be set: `latest` is reserved."""
    if not _TAG.fullmatch(value):
        raise invalid(field, f"must match [a-z][a-z0-9-]{{0,62}}, got {_shown(value)}", "INVALID_TAG")
    if value == LATEST:
        raise invalid(field, "`latest` is reserved for the newest version and cannot be set", "RESERVED_TAG")
    return value


def check_document_id(value: str, field: str) -> str:
    if not value:
        raise invalid(field, "must not be empty", "INVALID_DOCUMENT_ID")
    if len(value.encode()) > DOCUMENT_ID_BYTES_MAX:
        raise invalid(field, f"must have at most {DOCUMENT_ID_BYTES_MAX} bytes of UTF-8", "INVALID_DOCUMENT_ID")
    if _CONTROL.search(value) or value != value.strip():
        raise invalid(field, "must have no control characters and no white space at either end", "INVALID_DOCUMENT_ID")
    return value


def check_text_field(value: str, field: str, chars_max: int) -> str:
    """A short text of people: title, description, actor."""
    if len(value) > chars_max:
        raise invalid(field, f"must have at most {chars_max} characters, got {len(value)}", "TOO_LONG")
    return value


def has_control(value: str) -> bool:
    return _CONTROL.search(value) is not None


def source_name(source_id: str) -> str:
    return f"sources/{source_id}"


def document_name(source_id: str, document_id: str) -> str:
    return f"sources/{source_id}/documents/{document_id}"


def dataset_name(dataset_id: str) -> str:
    return f"datasets/{dataset_id}"


def run_name(dataset_id: str, number: int) -> str:
    return f"datasets/{dataset_id}/runs/{number}"


def version_name(dataset_id: str, number: int) -> str:
    return f"datasets/{dataset_id}/versions/{number}"


def run_configuration_name(configuration_id: str) -> str:
    return f"runConfigurations/{configuration_id}"


def experiment_name(dataset_id: str, experiment_id: str) -> str:
    return f"datasets/{dataset_id}/experiments/{experiment_id}"


def slice_name(dataset_id: str, slice_id: str) -> str:
    return f"datasets/{dataset_id}/slices/{slice_id}"


def tag_name(dataset_id: str, tag: str) -> str:
    return f"datasets/{dataset_id}/tags/{tag}"


def stream_name(dataset_id: str, stream_id: str) -> str:
    return f"datasets/{dataset_id}/streams/{stream_id}"


def parse_source(name: str, field: str = "name") -> str:
    """Source id of `sources/{source}`."""
    return _one(name, "sources", field)


def parse_dataset(name: str, field: str = "name") -> str:
    """Dataset id of `datasets/{dataset}`."""
    return _one(name, "datasets", field)


def parse_document(name: str, field: str = "name") -> tuple[str, str]:
    """Source id and document id of `sources/{source}/documents/{document}`; the latter may hold `/`."""
    parts = name.split("/", 3)
    if len(parts) != 4 or parts[0] != "sources" or parts[2] != "documents":
        raise _bad_name(name, "sources/{source}/documents/{document}", field)
    return check_id(parts[1], field), check_document_id(parts[3], field)


def parse_run(name: str, field: str = "name") -> tuple[str, int]:
    """Dataset id and run number of `datasets/{dataset}/runs/{run}`."""
    dataset_id, last = _two(name, "runs", field)
    if not _NUMBER.fullmatch(last):
        raise _bad_name(name, "datasets/{dataset}/runs/{number}", field)
    return dataset_id, int(last)


def parse_run_configuration(name: str, field: str = "name") -> str:
    """Id of `runConfigurations/{run_configuration}`."""
    parts = name.split("/")
    if len(parts) != 2 or parts[0] != "runConfigurations":
        raise _bad_name(name, "runConfigurations/{run_configuration}", field)
    return check_id(parts[1], field)


def parse_version(name: str, field: str = "name") -> tuple[str, VersionRef]:
    """Dataset id and version of `datasets/{dataset}/versions/{version}`: a number, a tag or `latest`."""
    dataset_id, last = _two(name, "versions", field)
    if _NUMBER.fullmatch(last):
        return dataset_id, VersionRef(int(last), None)
    if _TAG.fullmatch(last):
        return dataset_id, VersionRef(None, last)
    raise _bad_name(name, "datasets/{dataset}/versions/{number or tag}", field)


def parse_experiment(name: str, field: str = "name") -> tuple[str, str]:
    """Dataset id and experiment id of `datasets/{dataset}/experiments/{experiment}`."""
    dataset_id, last = _two(name, "experiments", field)
    return dataset_id, check_id(last, field)


def parse_slice(name: str, field: str = "name") -> tuple[str, str]:
    """Dataset id and slice id of `datasets/{dataset}/slices/{slice}`."""
    dataset_id, last = _two(name, "slices", field)
    return dataset_id, check_id(last, field)


def parse_tag(name: str, field: str = "name") -> tuple[str, str]:
    """Dataset id and tag of `datasets/{dataset}/tags/{tag}`."""
    dataset_id, last = _two(name, "tags", field)
    return dataset_id, check_tag(last, field)


def parse_stream(name: str, field: str = "name") -> tuple[str, str]:
    """Dataset id and stream id of `datasets/{dataset}/streams/{stream}`."""
    dataset_id, last = _two(name, "streams", field)
    return dataset_id, check_id(last, field)


def _one(name: str, collection: str, field: str) -> str:
    parts = name.split("/")
    if len(parts) != 2 or parts[0] != collection:
        raise _bad_name(name, f"{collection}/{{{collection[:-1]}}}", field)
    return check_id(parts[1], field)


def _two(name: str, collection: str, field: str) -> tuple[str, str]:
    parts = name.split("/")
    if len(parts) != 4 or parts[0] != "datasets" or parts[2] != collection:
        raise _bad_name(name, f"datasets/{{dataset}}/{collection}/{{{collection[:-1]}}}", field)
    return check_id(parts[1], field), parts[3]


def _bad_name(name: str, pattern: str, field: str) -> Exception:
    return invalid(field, f"must be a resource name {pattern}, got {_shown(name)}", "INVALID_NAME")


def _shown(value: str) -> str:
    return repr(value if len(value) <= 80 else value[:77] + "...")
