"""Resource names: put together from ids and taken apart again (pure)."""

from collections.abc import Iterable

_SEPARATOR = "/"


def text_argument(value: object, place: str) -> str:
    """A non-empty string that can be sent. Raises TypeError or ValueError naming `place`."""
    if not isinstance(value, str):
        raise TypeError(f"{place} must be a str, got {type(value).__name__}")
    if not value:
        raise ValueError(f"{place} must not be empty")
    if has_surrogate(value):
        raise ValueError(f"{place} contains a lone surrogate, which UTF-8 cannot encode")
    return value


def has_surrogate(text: str) -> bool:
    """Whether UTF-8 cannot encode the text."""
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def source(source_id: str) -> str:
    return f"sources/{text_argument(source_id, 'source')}"


def document(source_id: str, document_id: str) -> str:
    return f"{source(source_id)}/documents/{text_argument(document_id, 'document id')}"


def dataset(dataset_id: str) -> str:
    return f"datasets/{text_argument(dataset_id, 'dataset')}"


def run(dataset_id: str, number: int) -> str:
    return f"{dataset(dataset_id)}/runs/{number_argument(number, 'run')}"


def version(dataset_id: str, number_or_tag: int | str) -> str:
    if isinstance(number_or_tag, str):
        return f"{dataset(dataset_id)}/versions/{text_argument(number_or_tag, 'version')}"
    return f"{dataset(dataset_id)}/versions/{number_argument(number_or_tag, 'version')}"


def experiment(dataset_id: str, experiment_id: str) -> str:
    return f"{dataset(dataset_id)}/experiments/{text_argument(experiment_id, 'experiment')}"


def slice_name(dataset_id: str, slice_id: str) -> str:
    return f"{dataset(dataset_id)}/slices/{text_argument(slice_id, 'slice')}"


def tag(dataset_id: str, name: str) -> str:
    return f"{dataset(dataset_id)}/tags/{text_argument(name, 'tag')}"


def stream(dataset_id: str, stream_id: str) -> str:
    return f"{dataset(dataset_id)}/streams/{text_argument(stream_id, 'stream')}"


def run_configuration(configuration_id: str) -> str:
    return f"runConfigurations/{text_argument(configuration_id, 'run configuration')}"


def text_list(values: Iterable[str], place: str) -> list[str]:
    """Strings of a list. A single str is refused: it would be taken letter by letter."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise TypeError(f"{place} must be a list of str, got a single {type(values).__name__}")
    return [text_argument(value, f"{place}[{index}]") for index, value in enumerate(values)]


def number_argument(value: object, place: str) -> int:
    """A number of a run or version. Raises TypeError or ValueError naming `place`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{place} must be an int, got {type(value).__name__}")
    if not 1 <= value < 2**31:
        raise ValueError(f"{place} must be 1 to 2^31 - 1, got {value}")
    return value


def last_part(name: str) -> str:
    """The id at the end of a name whose ids hold no `/`, such as `support` of `datasets/support`."""
    return name.rpartition(_SEPARATOR)[2]


def document_parts(name: str) -> tuple[str, str]:
    """Source id and document id; the latter may hold `/` itself."""
    _, source_id, _, document_id = name.split(_SEPARATOR, 3)
    return source_id, document_id
