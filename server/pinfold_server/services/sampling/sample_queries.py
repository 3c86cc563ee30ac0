"""What a caller may ask of a sample of documents."""

from dataclasses import dataclass, field

from pinfold_server.domain.labels.annotations import RetrievalMode
from pinfold_server.errors import invalid
from pinfold_server.services.common.pages import PageRequest

TOP_K_DEFAULT = 5
TOP_K_MAX = 100
PAGE_DEFAULT = 20
PAGE_MAX = 100

#: Candidates that are looked at for one page; fewer than a page of them may fit.
LOOKS_MAX = 10_000
#: Bytes of documents in one answer, but at least one document.
BYTES_MAX = 7 << 20

#: Modes that rank by what a version says.
NEED_MODEL = frozenset(
    {
        RetrievalMode.LABEL,
        RetrievalMode.TEACH,
        RetrievalMode.LOW_CONFIDENCE,
        RetrievalMode.CHECK,
        RetrievalMode.MISSED,
    }
)
#: Modes that look for errors among the reviewed documents.
OF_REVIEWED = frozenset({RetrievalMode.CHECK, RetrievalMode.MISSED})
_TAKE_LABEL = frozenset({RetrievalMode.LABEL, RetrievalMode.TEACH, *OF_REVIEWED})
_OF_ANY_STATE = frozenset(
    {
        RetrievalMode.RECENT,
        RetrievalMode.SHUFFLE,
        RetrievalMode.LABEL,
        RetrievalMode.SEARCH,
        RetrievalMode.CLUSTERS,
    }
)
#: Modes whose order outlives versions.
WITHOUT_SCORES = frozenset({RetrievalMode.RECENT, RetrievalMode.SHUFFLE})
_NOT_SAMPLED = frozenset({RetrievalMode.UNSPECIFIED, RetrievalMode.UPLOAD})


@dataclass(frozen=True, slots=True)
class SampleQuery:
    """What a caller asks; `label` empty and `cluster` None where none is named, `top_k` 0 for the default."""

    dataset_id: str
    mode: RetrievalMode
    label: str = ""
    seed: int = 0
    include_reviewed: bool = False
    cluster: int | None = None
    filter_text: str = ""
    page: PageRequest = field(default_factory=PageRequest)
    top_k: int = 0

    def check(self) -> None:
        """Raises AppError for options that do not fit together."""
        mode = self.mode.name
        if self.mode in _NOT_SAMPLED:
            raise invalid("mode", f"{mode} is not a mode of sampling")
        if self.mode is RetrievalMode.LABEL and not self.label:
            raise invalid("label", "must be named in the mode LABEL")
        if self.label and self.mode not in _TAKE_LABEL:
            raise invalid("label", f"must be empty in the mode {mode}")
        if self.mode is RetrievalMode.SEARCH and not self.filter_text:
            raise invalid("filter", 'must say in the mode SEARCH what is looked for, such as text:"late refund"')
        if self.include_reviewed and self.mode not in _OF_ANY_STATE:
            raise invalid("include_reviewed", f"must be false in the mode {mode}")
        if self.cluster is not None and self.mode is not RetrievalMode.CLUSTERS:
            raise invalid("cluster", f"must not be set in the mode {mode}")
        if not 0 <= self.top_k <= TOP_K_MAX:
            raise invalid("top_k", f"must be 1 to {TOP_K_MAX:,}, or 0 for {TOP_K_DEFAULT}, got {self.top_k}")

    def scope(self, dataset_uid: int) -> bytes:
        """What a page token belongs to."""
        told = (
            dataset_uid,
            self.mode.value,
            self.label,
            self.seed,
            self.include_reviewed,
            self.cluster,
            self.filter_text,
        )
        return repr(told).encode()
