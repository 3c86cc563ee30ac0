from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class UploadMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    UPLOAD_MODE_UNSPECIFIED: _ClassVar[UploadMode]
    UPLOAD_MODE_UPSERT: _ClassVar[UploadMode]
    UPLOAD_MODE_ADD: _ClassVar[UploadMode]

class DuplicateTexts(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DUPLICATE_TEXTS_UNSPECIFIED: _ClassVar[DuplicateTexts]
    DUPLICATE_TEXTS_STORE: _ClassVar[DuplicateTexts]
    DUPLICATE_TEXTS_KEEP_FIRST: _ClassVar[DuplicateTexts]
    DUPLICATE_TEXTS_KEEP_LAST: _ClassVar[DuplicateTexts]
    DUPLICATE_TEXTS_MERGE: _ClassVar[DuplicateTexts]

class AnnotatedDocuments(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ANNOTATED_DOCUMENTS_UNSPECIFIED: _ClassVar[AnnotatedDocuments]
    ANNOTATED_DOCUMENTS_REFUSE: _ClassVar[AnnotatedDocuments]
    ANNOTATED_DOCUMENTS_KEEP: _ClassVar[AnnotatedDocuments]
    ANNOTATED_DOCUMENTS_DELETE: _ClassVar[AnnotatedDocuments]
UPLOAD_MODE_UNSPECIFIED: UploadMode
UPLOAD_MODE_UPSERT: UploadMode
UPLOAD_MODE_ADD: UploadMode
DUPLICATE_TEXTS_UNSPECIFIED: DuplicateTexts
DUPLICATE_TEXTS_STORE: DuplicateTexts
DUPLICATE_TEXTS_KEEP_FIRST: DuplicateTexts
DUPLICATE_TEXTS_KEEP_LAST: DuplicateTexts
DUPLICATE_TEXTS_MERGE: DuplicateTexts
ANNOTATED_DOCUMENTS_UNSPECIFIED: AnnotatedDocuments
ANNOTATED_DOCUMENTS_REFUSE: AnnotatedDocuments
ANNOTATED_DOCUMENTS_KEEP: AnnotatedDocuments
ANNOTATED_DOCUMENTS_DELETE: AnnotatedDocuments
