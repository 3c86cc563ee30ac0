from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ProjectionMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROJECTION_METHOD_UNSPECIFIED: _ClassVar[ProjectionMethod]
    PROJECTION_METHOD_PCA: _ClassVar[ProjectionMethod]
    PROJECTION_METHOD_UMAP: _ClassVar[ProjectionMethod]
PROJECTION_METHOD_UNSPECIFIED: ProjectionMethod
PROJECTION_METHOD_PCA: ProjectionMethod
PROJECTION_METHOD_UMAP: ProjectionMethod

class GetProjectionRequest(_message.Message):
    __slots__ = ("version", "method", "max_documents", "seed")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    MAX_DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    version: str
    method: ProjectionMethod
    max_documents: int
    seed: int
    def __init__(self, version: _Optional[str] = ..., method: _Optional[_Union[ProjectionMethod, str]] = ..., max_documents: _Optional[int] = ..., seed: _Optional[int] = ...) -> None: ...

class ProjectedDocument(_message.Message):
    __slots__ = ("document", "x", "y", "true_labels", "predicted_labels")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    TRUE_LABELS_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_LABELS_FIELD_NUMBER: _ClassVar[int]
    document: str
    x: float
    y: float
    true_labels: _containers.RepeatedScalarFieldContainer[str]
    predicted_labels: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, document: _Optional[str] = ..., x: _Optional[float] = ..., y: _Optional[float] = ..., true_labels: _Optional[_Iterable[str]] = ..., predicted_labels: _Optional[_Iterable[str]] = ...) -> None: ...

class GetProjectionResponse(_message.Message):
    __slots__ = ("documents", "version", "total_count", "explained_variance")
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    EXPLAINED_VARIANCE_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedCompositeFieldContainer[ProjectedDocument]
    version: int
    total_count: int
    explained_variance: float
    def __init__(self, documents: _Optional[_Iterable[_Union[ProjectedDocument, _Mapping]]] = ..., version: _Optional[int] = ..., total_count: _Optional[int] = ..., explained_variance: _Optional[float] = ...) -> None: ...
