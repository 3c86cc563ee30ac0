"""Every key of the store, and nothing else builds one.

A key is one byte for its kind and then fields that sort in reading order. Numbers are big-endian; ids and names are
UTF-8 and stand last, so that they need no terminator (but in 0x13 and 0x28, where a zero byte ends one: words and ids
hold no control characters). Keys never exceed the 511 bytes that LMDB allows.

    kind  record             fields after the kind                      value
    0x01  meta               name                                       8-byte number
    0x02  counter            name                                       8-byte number, the last one given out
    0x10  source             id                                         SourceRecord
    0x11  document           source uid (4)  document id                DocumentRecord
    0x12  document number    source uid (4)  number (4)                 document id
    0x13  word               words uid (4)  word  zero (1)  number (4)  postings, see domain/documents/postings.py
    0x14  document time      source uid (4)  time (8)  document id      empty
    0x15  text digest        source uid (4)  digest (8)  number (4)     empty
    0x20  dataset            id                                         DatasetRecord
    0x21  label              dataset uid (4)  number (4)                LabelRecord
    0x22  annotation         dataset uid (4)  source uid (4)  doc. id   AnnotationRecord
    0x23  label by name      dataset uid (4)  name                      8-byte label number
    0x24  annotation label   dataset uid (4)  label (4)
                             source uid (4)  doc. id                    empty
    0x25  dismissed label    dataset uid (4)  label (4)
                             source uid (4)  doc. id                    empty
    0x26  former label       dataset uid (4)  number (4)                name
    0x27  label event        dataset uid (4)  number (8)                LabelEventRecord
    0x28  annotation event   dataset uid (4)  source uid (4)  doc. id
                             zero (1)  revision (8)                     AnnotationEventRecord
    0x30  run                dataset uid (4)  number (8)                RunRecord
    0x31  waiting run        ticket (8)                                 dataset uid (4)  number (8)
    0x32  version            dataset uid (4)  number (4)                VersionRecord
    0x33  version labels     dataset uid (4)  number (4)                VersionLabelsRecord
    0x34  version golden     dataset uid (4)  number (4)                VersionGoldenRecord
    0x35  scoring            dataset uid (4)  version (4)               ScoringRecord
    0x36  score chunk        dataset uid (4)  version (4)  number (4)   ScoreChunkRecord
    0x37  clustering         dataset uid (4)                            ClusteringRecord
    0x38  run configuration  id                                         RunConfigurationRecord
    0x39  label keywords     dataset uid (4)  version (4)  label (4)    LabelKeywordsRecord
    0x3a  held out           dataset uid (4)  source uid (4)
                             version (4)  number (4)                    HeldOutRecord
    0x3b  split              dataset uid (4)  source uid (4)  doc. id   SplitRecord
    0x3c  slice              dataset uid (4)  id                        SliceRecord
    0x3d  experiment         dataset uid (4)  id                        ExperimentRecord
    0x40  tag                dataset uid (4)  tag                       TagRecord
    0x41  tag event          dataset uid (4)  number (8)                TagEventRecord
    0x42  gate               dataset uid (4)  tag                       GateRecord
    0x43  shadow             dataset uid (4)  tag                       ShadowRecord
    0x44  monitoring         dataset uid (4)  version (4)
                             seconds of a window (4)  its begin (4)     MonitoringRecord
    0x50  artefact           SHA-256 (32)                               ArtefactRecord
    0x51  chunk              SHA-256 (32)  number (4)                   bytes of the file
    0x60  answered request   SHA-256 of method and request id (32)      RequestRecord
    0x61  request age        microseconds (8)  that SHA-256 (32)        empty
    0x70  garbage            number (8)                                 GarbageRecord
    0x71  import             dataset uid (4)                            ImportRecord
    0x80  stream             dataset uid (4)  id                        StreamRecord
    0x81  stream exception   dataset uid (4)  stream uid (4)
                             source uid (4)  document id                StreamExceptionRecord
    0x82  arrival            source uid (4)  number (8)                 ArrivalRecord
"""

import hashlib
import struct

META = b"\x01"
COUNTER = b"\x02"
SOURCE = b"\x10"
DOCUMENT = b"\x11"
DOCUMENT_NUMBER = b"\x12"
WORD = b"\x13"
DOCUMENT_TIME = b"\x14"
TEXT_DIGEST = b"\x15"
DATASET = b"\x20"
LABEL = b"\x21"
ANNOTATION = b"\x22"
LABEL_NAME = b"\x23"
ANNOTATION_LABEL = b"\x24"
DISMISSED_LABEL = b"\x25"
FORMER_LABEL = b"\x26"
LABEL_EVENT = b"\x27"
ANNOTATION_EVENT = b"\x28"
RUN = b"\x30"
WAITING_RUN = b"\x31"
VERSION = b"\x32"
VERSION_LABELS = b"\x33"
VERSION_GOLDEN = b"\x34"
SCORING = b"\x35"
SCORE_CHUNK = b"\x36"
CLUSTERING = b"\x37"
RUN_CONFIGURATION = b"\x38"
LABEL_KEYWORDS = b"\x39"
HELD_OUT = b"\x3a"
SPLIT = b"\x3b"
SLICE = b"\x3c"
EXPERIMENT = b"\x3d"
TAG = b"\x40"
TAG_EVENT = b"\x41"
GATE = b"\x42"
SHADOW = b"\x43"
MONITORING = b"\x44"
ARTEFACT = b"\x50"
CHUNK = b"\x51"
REQUEST = b"\x60"
REQUEST_AGE = b"\x61"
GARBAGE = b"\x70"
IMPORT = b"\x71"
STREAM = b"\x80"
STREAM_EXCEPTION = b"\x81"
ARRIVAL = b"\x82"

#: Kinds of record that belong to one dataset and start with its uid.
OF_DATASET = (
    LABEL,
    LABEL_NAME,
    ANNOTATION,
    ANNOTATION_LABEL,
    DISMISSED_LABEL,
    FORMER_LABEL,
    LABEL_EVENT,
    ANNOTATION_EVENT,
    RUN,
    VERSION,
    VERSION_LABELS,
    VERSION_GOLDEN,
    SCORING,
    SCORE_CHUNK,
    CLUSTERING,
    LABEL_KEYWORDS,
    HELD_OUT,
    SPLIT,
    SLICE,
    EXPERIMENT,
    TAG,
    TAG_EVENT,
    GATE,
    SHADOW,
    MONITORING,
    STREAM,
    STREAM_EXCEPTION,
)

#: Kinds of record that belong to one source and start with its uid.
OF_SOURCE = (DOCUMENT, DOCUMENT_NUMBER, DOCUMENT_TIME, TEXT_DIGEST, ARRIVAL)

_TIME_ZERO = 1 << 63  # times before 1970 are negative; keys sort as unsigned numbers

_U32 = struct.Struct(">I")
_U64 = struct.Struct(">Q")
_KIND_AND_PAIR = struct.Struct(">cII")
_KIND_UID_TIME = struct.Struct(">cIQ")


def meta(name: str) -> bytes:
    return META + name.encode()


def counter(name: str) -> bytes:
    return COUNTER + name.encode()


def source(source_id: str) -> bytes:
    return SOURCE + source_id.encode()


def documents(source_uid: int) -> bytes:
    """Prefix of a source's documents."""
    return DOCUMENT + _U32.pack(source_uid)


def document(source_uid: int, document_id: str) -> bytes:
    return DOCUMENT + _U32.pack(source_uid) + document_id.encode()


def scored_document(source_uid: int, document_id: str) -> bytes:
    """How a score chunk names a document."""
    return _U32.pack(source_uid) + document_id.encode()


def scored_name(document_key: bytes) -> bytes:
    """How a score chunk names the document with this key."""
    return document_key[1:]


def document_scored(name: bytes) -> bytes:
    """Key of the document that a score chunk names."""
    return DOCUMENT + name


def of_scored_document(name: bytes) -> tuple[int, str]:
    """Source uid and document id that a score chunk names."""
    return _U32.unpack_from(name)[0], name[4:].decode()


def document_id_of(key: bytes) -> str:
    """Id of the document that a document's key names."""
    return key[5:].decode()


def source_uid_of(key: bytes) -> int:
    """Uid of the source that a document's key names."""
    return int(_U32.unpack_from(key, 1)[0])


def stored_document(key: bytes) -> tuple[int, str]:
    """Source uid and document id that a document's key names."""
    return _U32.unpack_from(key, 1)[0], key[5:].decode()


def of_source(kind: bytes, source_uid: int) -> bytes:
    """Prefix of one kind of record of a source; `kind` is one of OF_SOURCE."""
    return kind + _U32.pack(source_uid)


def document_number(source_uid: int, number: int) -> bytes:
    return _KIND_AND_PAIR.pack(DOCUMENT_NUMBER, source_uid, number)


def number_of_document(key: bytes) -> int:
    """Number that a document number's key holds."""
    return int(_U32.unpack_from(key, 5)[0])


def document_time(source_uid: int, time_us: int, document_id: str = "") -> bytes:
    return _KIND_UID_TIME.pack(DOCUMENT_TIME, source_uid, time_us + _TIME_ZERO) + document_id.encode()


def timed_document(key: bytes) -> tuple[int, str]:
    """Time in microseconds and document id that a document time's key names."""
    return _U64.unpack_from(key, 5)[0] - _TIME_ZERO, key[13:].decode()


def texts_with_digest(source_uid: int, digest: bytes) -> bytes:
    """Prefix of the texts of a source that have a digest of 8 bytes."""
    return TEXT_DIGEST + _U32.pack(source_uid) + digest


def text_digest(source_uid: int, digest: bytes, number: int) -> bytes:
    """The text that a document number stands for."""
    return texts_with_digest(source_uid, digest) + _U32.pack(number)


def digested_text(key: bytes) -> tuple[bytes, int]:
    """Digest and document number that a text digest's key names."""
    return key[5:13], _U32.unpack_from(key, 13)[0]


def id_in_timed(key: bytes) -> bytes:
    """Id of the document that a document time's key names, as bytes."""
    return key[13:]


def words(words_uid: int) -> bytes:
    """Prefix of the words of a source's documents."""
    return WORD + _U32.pack(words_uid)


def word(words_uid: int, text: str) -> bytes:
    """Prefix of one word's postings."""
    return WORD + _U32.pack(words_uid) + text.encode() + b"\0"


def word_postings(prefix: bytes, first: int) -> bytes:
    """Postings of the word with that prefix which begin with the number `first`."""
    return prefix + _U32.pack(first)


def first_posting(key: bytes) -> int:
    return int(_U32.unpack_from(key, len(key) - 4)[0])


def dataset(dataset_id: str) -> bytes:
    return DATASET + dataset_id.encode()


def of_dataset(kind: bytes, dataset_uid: int) -> bytes:
    """Prefix of one kind of record of a dataset; `kind` is one of OF_DATASET."""
    return kind + _U32.pack(dataset_uid)


def of_dataset_and_source(kind: bytes, dataset_uid: int, source_uid: int) -> bytes:
    """Prefix of one kind of record of a dataset that goes on with a source."""
    return _KIND_AND_PAIR.pack(kind, dataset_uid, source_uid)


def dataset_uid_of(key: bytes) -> int:
    """Uid of the dataset that a record of one of OF_DATASET belongs to."""
    return int(_U32.unpack_from(key, 1)[0])


def label(dataset_uid: int, number: int) -> bytes:
    return LABEL + _U32.pack(dataset_uid) + _U32.pack(number)


def label_name(dataset_uid: int, name: str) -> bytes:
    return LABEL_NAME + _U32.pack(dataset_uid) + name.encode()


def annotations(dataset_uid: int, source_uid: int) -> bytes:
    """Prefix of a dataset's annotations of one source's documents."""
    return of_dataset_and_source(ANNOTATION, dataset_uid, source_uid)


def annotation(dataset_uid: int, source_uid: int, document_id: str) -> bytes:
    return annotations(dataset_uid, source_uid) + document_id.encode()


def labelled(kind: bytes, dataset_uid: int, label_number: int) -> bytes:
    """Prefix of the annotations that assign a label (ANNOTATION_LABEL), or dismiss it (DISMISSED_LABEL)."""
    return kind + _U32.pack(dataset_uid) + _U32.pack(label_number)


def labelled_in(kind: bytes, dataset_uid: int, label_number: int, source_uid: int) -> bytes:
    """Prefix of those of one source's documents."""
    return labelled(kind, dataset_uid, label_number) + _U32.pack(source_uid)


def place(source_uid: int, document_id: str) -> bytes:
    """Names a document in the keys of a dataset: all that say something of it end with it, or go on behind it."""
    return _U32.pack(source_uid) + document_id.encode()


def annotation_of_document(dataset_uid: int, document_key: bytes) -> bytes:
    """Key of a dataset's annotation of the document with this key."""
    return ANNOTATION + _U32.pack(dataset_uid) + document_key[1:]


def document_of_annotation(key: bytes) -> bytes:
    """Key of the document that an annotation's key names."""
    return DOCUMENT + key[5:]


def former_label(dataset_uid: int, number: int) -> bytes:
    return FORMER_LABEL + _U32.pack(dataset_uid) + _U32.pack(number)


def number_of_label(key: bytes) -> int:
    """Number that the key of a label, or of a former one, holds."""
    return int(_U32.unpack_from(key, 5)[0])


def label_event(dataset_uid: int, number: int) -> bytes:
    return LABEL_EVENT + _U32.pack(dataset_uid) + _U64.pack(number)


def labelled_document(key: bytes) -> tuple[int, int, str]:
    """Label number, source uid and document id that an annotation label's key names."""
    return _U32.unpack_from(key, 5)[0], _U32.unpack_from(key, 9)[0], key[13:].decode()


def annotated_document(key: bytes) -> tuple[int, str]:
    """Source uid and document id that an annotation's key names."""
    return _U32.unpack_from(key, 5)[0], key[9:].decode()


def annotation_events(dataset_uid: int, source_uid: int, document_id: str) -> bytes:
    """Prefix of the changes of one document's annotation, oldest first."""
    return ANNOTATION_EVENT + _U32.pack(dataset_uid) + _U32.pack(source_uid) + document_id.encode() + b"\0"


def annotation_event(dataset_uid: int, source_uid: int, document_id: str, revision: int) -> bytes:
    return annotation_events(dataset_uid, source_uid, document_id) + _U64.pack(revision)


def event_end(revision: int) -> bytes:
    """What follows the document in the key of a change of its annotation."""
    return b"\0" + _U64.pack(revision)


def annotation_of_event(key: bytes) -> bytes:
    """Key of the annotation that the change with this key is of."""
    return ANNOTATION + key[1:-9]


def revision_of_event(key: bytes) -> int:
    return int(_U64.unpack(key[-8:])[0])


def run(dataset_uid: int, number: int) -> bytes:
    return RUN + _U32.pack(dataset_uid) + _U64.pack(number)


def waiting_run(ticket: int) -> bytes:
    return WAITING_RUN + _U64.pack(ticket)


def version(dataset_uid: int, number: int) -> bytes:
    return VERSION + _U32.pack(dataset_uid) + _U32.pack(number)


def version_labels(dataset_uid: int, number: int) -> bytes:
    return VERSION_LABELS + _U32.pack(dataset_uid) + _U32.pack(number)


def version_golden(dataset_uid: int, number: int) -> bytes:
    return VERSION_GOLDEN + _U32.pack(dataset_uid) + _U32.pack(number)


def keywords(dataset_uid: int, version: int) -> bytes:
    """Prefix of the keywords of a version."""
    return LABEL_KEYWORDS + _U32.pack(dataset_uid) + _U32.pack(version)


def label_keywords(dataset_uid: int, version: int, label: int) -> bytes:
    """`label`: its place in the version's order."""
    return keywords(dataset_uid, version) + _U32.pack(label)


def held_out(dataset_uid: int, source_uid: int, version: int) -> bytes:
    """Prefix of what the validation of a version held out of one source."""
    return of_dataset_and_source(HELD_OUT, dataset_uid, source_uid) + _U32.pack(version)


def held_out_chunk(dataset_uid: int, source_uid: int, version: int, number: int) -> bytes:
    return held_out(dataset_uid, source_uid, version) + _U32.pack(number)


def held_out_of(key: bytes) -> tuple[int, int]:
    """Source uid and version of a chunk."""
    return _U32.unpack_from(key, 5)[0], _U32.unpack_from(key, 9)[0]


def split(dataset_uid: int, source_uid: int, document_id: str) -> bytes:
    return of_dataset_and_source(SPLIT, dataset_uid, source_uid) + document_id.encode()


def split_document(key: bytes) -> tuple[int, str]:
    """Source uid and document id that a split's key names."""
    return _U32.unpack_from(key, 5)[0], key[9:].decode()


def scoring(dataset_uid: int, version: int) -> bytes:
    return SCORING + _U32.pack(dataset_uid) + _U32.pack(version)


def score_chunks(dataset_uid: int, version: int) -> bytes:
    """Prefix of a version's score chunks."""
    return SCORE_CHUNK + _U32.pack(dataset_uid) + _U32.pack(version)


def score_chunk(dataset_uid: int, version: int, number: int) -> bytes:
    return score_chunks(dataset_uid, version) + _U32.pack(number)


def clustering(dataset_uid: int) -> bytes:
    return CLUSTERING + _U32.pack(dataset_uid)


def run_configuration(configuration_id: str) -> bytes:
    return RUN_CONFIGURATION + configuration_id.encode()


def slice_of(dataset_uid: int, slice_id: str) -> bytes:
    return SLICE + _U32.pack(dataset_uid) + slice_id.encode()


def experiment(dataset_uid: int, experiment_id: str) -> bytes:
    return EXPERIMENT + _U32.pack(dataset_uid) + experiment_id.encode()


def tag(dataset_uid: int, name: str) -> bytes:
    return TAG + _U32.pack(dataset_uid) + name.encode()


def tag_event(dataset_uid: int, number: int) -> bytes:
    return TAG_EVENT + _U32.pack(dataset_uid) + _U64.pack(number)


def number_of_tag_event(key: bytes) -> int:
    return int(_U64.unpack_from(key, 5)[0])


def gate(dataset_uid: int, tag_name: str) -> bytes:
    return GATE + _U32.pack(dataset_uid) + tag_name.encode()


def shadow(dataset_uid: int, tag_name: str) -> bytes:
    return SHADOW + _U32.pack(dataset_uid) + tag_name.encode()


def monitored(dataset_uid: int, version: int) -> bytes:
    """Prefix of the windows of a version."""
    return MONITORING + _U32.pack(dataset_uid) + _U32.pack(version)


def monitoring(dataset_uid: int, version: int, seconds: int) -> bytes:
    """Prefix of the windows of a version that are so many seconds long."""
    return monitored(dataset_uid, version) + _U32.pack(seconds)


def monitoring_window(dataset_uid: int, version: int, seconds: int, begin: int) -> bytes:
    """`begin` in seconds since 1970."""
    return monitoring(dataset_uid, version, seconds) + _U32.pack(begin)


def begin_of_window(key: bytes) -> int:
    """In seconds since 1970."""
    return int(_U32.unpack_from(key, 13)[0])


def artefact(sha256: bytes) -> bytes:
    return ARTEFACT + sha256


def sha256_of(key: bytes) -> bytes:
    """SHA-256 of the file that the key of an artefact or of one of its chunks names."""
    return key[1:33]


def chunks(sha256: bytes) -> bytes:
    """Prefix of a file's chunks."""
    return CHUNK + sha256


def chunk(sha256: bytes, number: int) -> bytes:
    return CHUNK + sha256 + _U32.pack(number)


def request(method: str, request_id: str) -> bytes:
    return REQUEST + hashlib.sha256(f"{method}\0{request_id}".encode()).digest()


def request_age(created_us: int, request_key: bytes) -> bytes:
    return REQUEST_AGE + _U64.pack(created_us) + request_key[1:]


def aged_request(age_key: bytes) -> tuple[int, bytes]:
    """Time in microseconds and key of the answered request that an age key names."""
    return _U64.unpack_from(age_key, 1)[0], REQUEST + age_key[9:]


def garbage(number: int) -> bytes:
    return GARBAGE + _U64.pack(number)


def importing(dataset_uid: int) -> bytes:
    return IMPORT + _U32.pack(dataset_uid)


def stream(dataset_uid: int, stream_id: str) -> bytes:
    return STREAM + _U32.pack(dataset_uid) + stream_id.encode()


def stream_exceptions(dataset_uid: int, stream_uid: int) -> bytes:
    """Prefix of the exceptions of a stream."""
    return STREAM_EXCEPTION + _U32.pack(dataset_uid) + _U32.pack(stream_uid)


def stream_exception(dataset_uid: int, stream_uid: int, source_uid: int, document_id: str) -> bytes:
    return stream_exceptions(dataset_uid, stream_uid) + _U32.pack(source_uid) + document_id.encode()


def excepted_document(key: bytes) -> tuple[int, int, str]:
    """Stream uid, source uid and document id that a stream exception's key names."""
    return _U32.unpack_from(key, 5)[0], _U32.unpack_from(key, 9)[0], key[13:].decode()


def arrival(source_uid: int, number: int) -> bytes:
    return ARRIVAL + _U32.pack(source_uid) + _U64.pack(number)


def number_of_arrival(key: bytes) -> int:
    return int(_U64.unpack_from(key, 5)[0])


def encode_number(number: int) -> bytes:
    """A number as a value."""
    return _U64.pack(number)


def decode_number(value: bytes) -> int:
    return int(_U64.unpack(value)[0])


def encode_run_reference(dataset_uid: int, number: int) -> bytes:
    """Value of a waiting run."""
    return _U32.pack(dataset_uid) + _U64.pack(number)


def decode_run_reference(value: bytes) -> tuple[int, int]:
    """Dataset uid and run number."""
    return _U32.unpack_from(value)[0], _U64.unpack_from(value, 4)[0]


def after(key: bytes) -> bytes:
    """The smallest key that sorts after `key`: where the page after it starts."""
    return key + b"\0"


def past(prefix: bytes) -> bytes:
    """The smallest key that sorts after every key with `prefix`."""
    number = int.from_bytes(prefix, "big") + 1
    return number.to_bytes(len(prefix), "big")
