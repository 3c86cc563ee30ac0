"""What becomes of each kind of record of a dataset in an archive. A test wants an entry for every kind."""

import enum
from collections.abc import Mapping

from pinfold_server.store import keys


class Treatment(enum.Enum):
    """How an archive holds the entries of a kind."""

    #: As they are: they name nothing but numbers of their own dataset.
    VERBATIM = enum.auto()
    #: By source: the key has the source's uid, an archive its place.
    BY_SOURCE = enum.auto()
    #: Only those that have ended: what waits or works belongs to one server.
    ENDED_RUNS = enum.auto()
    #: Right behind the file, if there is one that was not sent before.
    VERSIONS = enum.auto()
    #: Their numbers are given out by the store; an archive counts from 1.
    TAG_EVENTS = enum.auto()
    #: With the number of their last event as an archive counts it.
    TAGS = enum.auto()


#: In the order in which an archive holds them: what is named comes before what names it.
TREATMENTS: Mapping[bytes, Treatment] = {
    keys.LABEL: Treatment.VERBATIM,
    keys.LABEL_NAME: Treatment.VERBATIM,
    keys.FORMER_LABEL: Treatment.VERBATIM,
    keys.LABEL_EVENT: Treatment.VERBATIM,
    keys.ANNOTATION: Treatment.BY_SOURCE,
    keys.ANNOTATION_EVENT: Treatment.BY_SOURCE,
    keys.RUN: Treatment.ENDED_RUNS,
    keys.SLICE: Treatment.VERBATIM,
    keys.EXPERIMENT: Treatment.VERBATIM,
    keys.VERSION_LABELS: Treatment.VERBATIM,
    keys.VERSION_GOLDEN: Treatment.VERBATIM,
    keys.LABEL_KEYWORDS: Treatment.VERBATIM,
    keys.HELD_OUT: Treatment.BY_SOURCE,
    keys.SPLIT: Treatment.BY_SOURCE,
    keys.VERSION: Treatment.VERSIONS,
    keys.TAG_EVENT: Treatment.TAG_EVENTS,
    keys.TAG: Treatment.TAGS,
    keys.GATE: Treatment.VERBATIM,
}

#: Kinds that an archive leaves out, because they follow from others (whoever reads it makes them anew), or belong to
#: the callers of one server: the place of a stream means nothing in the order of uploads of another.
LEFT_OUT = frozenset(
    {
        keys.ANNOTATION_LABEL,
        keys.DISMISSED_LABEL,
        keys.SCORING,
        keys.SCORE_CHUNK,
        keys.CLUSTERING,
        keys.SHADOW,
        keys.MONITORING,
        keys.STREAM,
        keys.STREAM_EXCEPTION,
    }
)
