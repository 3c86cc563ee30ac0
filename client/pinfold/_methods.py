"""Every RPC of the protocol that the library calls, typed. A test compares this table with the protocol."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from google.protobuf.wrappers_pb2 import Int32Value, StringValue

from pinfold.v1 import annotation_history_pb2 as _history
from pinfold.v1 import annotation_pb2 as _annotation
from pinfold.v1 import archive_pb2 as _archives
from pinfold.v1 import (
    comparison_pb2,
    dataset_pb2,
    document_pb2,
    experiment_pb2,
    explanation_pb2,
    keyword_pb2,
    projection_pb2,
    rating_pb2,
    run_pb2,
    slice_pb2,
    source_pb2,
    split_pb2,
    tag_pb2,
    validation_pb2,
    version_pb2,
)
from pinfold.v1 import dataset_service_pb2 as _datasets
from pinfold.v1 import dataset_status_pb2 as _status
from pinfold.v1 import gate_pb2 as _gate
from pinfold.v1 import model_service_pb2 as _models
from pinfold.v1 import monitoring_pb2 as _monitoring
from pinfold.v1 import prediction_service_pb2 as _predictions
from pinfold.v1 import restore_pb2 as _restore
from pinfold.v1 import sampling_pb2 as _sampling
from pinfold.v1 import shadow_pb2 as _shadow
from pinfold.v1 import stream_pb2 as _stream
from pinfold.v1 import stream_service_pb2 as _streams
from pinfold.v1 import taxonomy_pb2 as _taxonomy

Req = TypeVar("Req", bound=Message)
Res = TypeVar("Res", bound=Message)


@dataclass(frozen=True, slots=True)
class Method(Generic[Req, Res]):
    """One RPC.

    `idempotent`: a repeat does no harm by itself. Any other RPC is repeated only under a request id.
    """

    path: str
    request: type[Req]
    response: type[Res]
    idempotent: bool = False

    @property
    def takes_request_id(self) -> bool:
        return "request_id" in self.request.DESCRIPTOR.fields_by_name

    @property
    def repeatable(self) -> bool:
        """Whether the call may be made again when it is not known if it was done."""
        return self.idempotent or self.takes_request_id


AnyMethod = Method[Any, Any]


def _dataset_rpc(name: str, request: type[Req], response: type[Res], *, idempotent: bool = False) -> Method[Req, Res]:
    return Method(f"/pinfold.v1.DatasetService/{name}", request, response, idempotent)


def _model_rpc(name: str, request: type[Req], response: type[Res], *, idempotent: bool = False) -> Method[Req, Res]:
    return Method(f"/pinfold.v1.ModelService/{name}", request, response, idempotent)


def _monitoring_rpc(
    name: str, request: type[Req], response: type[Res], *, idempotent: bool = False
) -> Method[Req, Res]:
    return Method(f"/pinfold.v1.MonitoringService/{name}", request, response, idempotent)


def _stream_rpc(name: str, request: type[Req], response: type[Res], *, idempotent: bool = False) -> Method[Req, Res]:
    return Method(f"/pinfold.v1.StreamService/{name}", request, response, idempotent)


CREATE_SOURCE = _dataset_rpc("CreateSource", _datasets.CreateSourceRequest, source_pb2.Source)
GET_SOURCE = _dataset_rpc("GetSource", _datasets.GetSourceRequest, source_pb2.Source, idempotent=True)
LIST_SOURCES = _dataset_rpc("ListSources", _datasets.ListSourcesRequest, _datasets.ListSourcesResponse, idempotent=True)
DELETE_SOURCE = _dataset_rpc("DeleteSource", _datasets.DeleteSourceRequest, Empty)

# An upsert by document id: a repeat stores nothing twice.
UPLOAD_DOCUMENTS = _dataset_rpc(
    "UploadDocuments", _datasets.UploadDocumentsRequest, _datasets.UploadDocumentsResponse, idempotent=True
)
GET_DOCUMENT = _dataset_rpc("GetDocument", _datasets.GetDocumentRequest, document_pb2.Document, idempotent=True)
LIST_DOCUMENTS = _dataset_rpc(
    "ListDocuments", _datasets.ListDocumentsRequest, _datasets.ListDocumentsResponse, idempotent=True
)
DELETE_DOCUMENTS = _dataset_rpc("DeleteDocuments", _datasets.DeleteDocumentsRequest, _datasets.DeleteDocumentsResponse)

CREATE_DATASET = _dataset_rpc("CreateDataset", _datasets.CreateDatasetRequest, dataset_pb2.Dataset)
GET_DATASET = _dataset_rpc("GetDataset", _datasets.GetDatasetRequest, dataset_pb2.Dataset, idempotent=True)
LIST_DATASETS = _dataset_rpc(
    "ListDatasets", _datasets.ListDatasetsRequest, _datasets.ListDatasetsResponse, idempotent=True
)
UPDATE_DATASET = _dataset_rpc("UpdateDataset", _datasets.UpdateDatasetRequest, dataset_pb2.Dataset)
DELETE_DATASET = _dataset_rpc("DeleteDataset", _datasets.DeleteDatasetRequest, Empty)

EXPORT_DATASET = _dataset_rpc(
    "ExportDataset", _archives.ExportDatasetRequest, _archives.ExportDatasetResponse, idempotent=True
)
IMPORT_DATASET = _dataset_rpc("ImportDataset", _archives.ImportDatasetRequest, _archives.ImportDatasetResponse)

UPSERT_LABELS = _dataset_rpc("UpsertLabels", _datasets.UpsertLabelsRequest, _datasets.UpsertLabelsResponse)
RENAME_LABEL = _dataset_rpc("RenameLabel", _taxonomy.RenameLabelRequest, _taxonomy.RenameLabelResponse)
DELETE_LABEL = _dataset_rpc("DeleteLabel", _taxonomy.DeleteLabelRequest, _taxonomy.DeleteLabelResponse)
COPY_TAXONOMY = _dataset_rpc("CopyTaxonomy", _taxonomy.CopyTaxonomyRequest, _taxonomy.CopyTaxonomyResponse)
LIST_LABEL_HISTORY = _dataset_rpc(
    "ListLabelHistory", _taxonomy.ListLabelHistoryRequest, _taxonomy.ListLabelHistoryResponse, idempotent=True
)
LIST_LABELS = _dataset_rpc("ListLabels", _datasets.ListLabelsRequest, _datasets.ListLabelsResponse, idempotent=True)
ANNOTATE = _dataset_rpc("Annotate", _datasets.AnnotateRequest, _datasets.AnnotateResponse)
GET_ANNOTATION = _dataset_rpc("GetAnnotation", _datasets.GetAnnotationRequest, _annotation.Annotation, idempotent=True)
LIST_ANNOTATIONS = _dataset_rpc(
    "ListAnnotations", _datasets.ListAnnotationsRequest, _datasets.ListAnnotationsResponse, idempotent=True
)
LIST_ANNOTATION_HISTORY = _dataset_rpc(
    "ListAnnotationHistory",
    _history.ListAnnotationHistoryRequest,
    _history.ListAnnotationHistoryResponse,
    idempotent=True,
)

SET_SPLITS = _dataset_rpc("SetSplits", split_pb2.SetSplitsRequest, split_pb2.SetSplitsResponse)
LIST_SPLITS = _dataset_rpc("ListSplits", split_pb2.ListSplitsRequest, split_pb2.ListSplitsResponse, idempotent=True)

GET_DATASET_STATUS = _dataset_rpc(
    "GetDatasetStatus", _status.GetDatasetStatusRequest, _status.DatasetStatus, idempotent=True
)
WATCH_DATASET = _dataset_rpc("WatchDataset", _status.WatchDatasetRequest, _status.DatasetStatus, idempotent=True)
SAMPLE_DOCUMENTS = _dataset_rpc(
    "SampleDocuments", _sampling.SampleDocumentsRequest, _sampling.SampleDocumentsResponse, idempotent=True
)

CREATE_RUN_CONFIGURATION = _model_rpc(
    "CreateRunConfiguration", _models.CreateRunConfigurationRequest, run_pb2.RunConfiguration
)
GET_RUN_CONFIGURATION = _model_rpc(
    "GetRunConfiguration", _models.GetRunConfigurationRequest, run_pb2.RunConfiguration, idempotent=True
)
LIST_RUN_CONFIGURATIONS = _model_rpc(
    "ListRunConfigurations",
    _models.ListRunConfigurationsRequest,
    _models.ListRunConfigurationsResponse,
    idempotent=True,
)
DELETE_RUN_CONFIGURATION = _model_rpc("DeleteRunConfiguration", _models.DeleteRunConfigurationRequest, Empty)

TRAIN = _model_rpc("Train", _models.TrainRequest, run_pb2.Run)
GET_RUN = _model_rpc("GetRun", _models.GetRunRequest, run_pb2.Run, idempotent=True)
LIST_RUNS = _model_rpc("ListRuns", _models.ListRunsRequest, _models.ListRunsResponse, idempotent=True)
WATCH_RUN = _model_rpc("WatchRun", _models.WatchRunRequest, run_pb2.Run, idempotent=True)
# Asking a run twice to stop asks it to stop.
CANCEL_RUN = _model_rpc("CancelRun", _models.CancelRunRequest, run_pb2.Run, idempotent=True)

CREATE_SLICE = _model_rpc("CreateSlice", slice_pb2.CreateSliceRequest, slice_pb2.Slice)
GET_SLICE = _model_rpc("GetSlice", slice_pb2.GetSliceRequest, slice_pb2.Slice, idempotent=True)
LIST_SLICES = _model_rpc("ListSlices", slice_pb2.ListSlicesRequest, slice_pb2.ListSlicesResponse, idempotent=True)
UPDATE_SLICE = _model_rpc("UpdateSlice", slice_pb2.UpdateSliceRequest, slice_pb2.Slice)
DELETE_SLICE = _model_rpc("DeleteSlice", slice_pb2.DeleteSliceRequest, Empty)
EVALUATE_SLICE = _model_rpc("EvaluateSlice", slice_pb2.EvaluateSliceRequest, slice_pb2.SliceEvaluation, idempotent=True)
FIND_WEAK_SLICES = _model_rpc(
    "FindWeakSlices", slice_pb2.FindWeakSlicesRequest, slice_pb2.FindWeakSlicesResponse, idempotent=True
)
GET_PROJECTION = _model_rpc(
    "GetProjection", projection_pb2.GetProjectionRequest, projection_pb2.GetProjectionResponse, idempotent=True
)
UPDATE_RUN = _model_rpc("UpdateRun", experiment_pb2.UpdateRunRequest, run_pb2.Run)
DELETE_RUN = _model_rpc("DeleteRun", experiment_pb2.DeleteRunRequest, experiment_pb2.DeleteRunResponse)
CREATE_SWEEP = _model_rpc("CreateSweep", experiment_pb2.CreateSweepRequest, experiment_pb2.Experiment)
GET_EXPERIMENT = _model_rpc(
    "GetExperiment", experiment_pb2.GetExperimentRequest, experiment_pb2.Experiment, idempotent=True
)
LIST_EXPERIMENTS = _model_rpc(
    "ListExperiments",
    experiment_pb2.ListExperimentsRequest,
    experiment_pb2.ListExperimentsResponse,
    idempotent=True,
)
CANCEL_EXPERIMENT = _model_rpc(
    "CancelExperiment", experiment_pb2.CancelExperimentRequest, experiment_pb2.Experiment, idempotent=True
)

GET_VERSION = _model_rpc("GetVersion", _models.GetVersionRequest, version_pb2.Version, idempotent=True)
LIST_KEYWORDS = _model_rpc(
    "ListKeywords", keyword_pb2.ListKeywordsRequest, keyword_pb2.ListKeywordsResponse, idempotent=True
)
COMPARE_VERSIONS = _model_rpc(
    "CompareVersions", comparison_pb2.CompareVersionsRequest, comparison_pb2.VersionComparison, idempotent=True
)
LIST_FLIPPED_DOCUMENTS = _model_rpc(
    "ListFlippedDocuments",
    comparison_pb2.ListFlippedDocumentsRequest,
    comparison_pb2.ListFlippedDocumentsResponse,
    idempotent=True,
)
LIST_VERSIONS = _model_rpc("ListVersions", _models.ListVersionsRequest, _models.ListVersionsResponse, idempotent=True)
PIN_VERSION = _model_rpc("PinVersion", _models.PinVersionRequest, version_pb2.Version)
UNPIN_VERSION = _model_rpc("UnpinVersion", _models.UnpinVersionRequest, version_pb2.Version)
DOWNLOAD_MODEL = _model_rpc(
    "DownloadModel", _models.DownloadModelRequest, _models.DownloadModelResponse, idempotent=True
)

GET_VALIDATION = _model_rpc(
    "GetValidation", validation_pb2.GetValidationRequest, validation_pb2.Validation, idempotent=True
)
FIND_THRESHOLDS = _model_rpc(
    "FindThresholds", validation_pb2.FindThresholdsRequest, validation_pb2.FindThresholdsResponse, idempotent=True
)
GET_MODEL_RATING = _model_rpc(
    "GetModelRating", rating_pb2.GetModelRatingRequest, rating_pb2.ModelRating, idempotent=True
)
LIST_VALIDATION_DOCUMENTS = _model_rpc(
    "ListValidationDocuments",
    validation_pb2.ListValidationDocumentsRequest,
    validation_pb2.ListValidationDocumentsResponse,
    idempotent=True,
)

RESTORE_DATASET = _model_rpc("RestoreDataset", _restore.RestoreDatasetRequest, _restore.RestoreDatasetResponse)

SET_TAG = _model_rpc("SetTag", _models.SetTagRequest, tag_pb2.Tag)
CLEAR_TAG = _model_rpc("ClearTag", _models.ClearTagRequest, _models.ClearTagResponse)
GET_TAG = _model_rpc("GetTag", _models.GetTagRequest, tag_pb2.Tag, idempotent=True)
LIST_TAGS = _model_rpc("ListTags", _models.ListTagsRequest, _models.ListTagsResponse, idempotent=True)
LIST_TAG_EVENTS = _model_rpc(
    "ListTagEvents", _models.ListTagEventsRequest, _models.ListTagEventsResponse, idempotent=True
)
PROMOTE = _model_rpc("Promote", _models.PromoteRequest, tag_pb2.Tag)
SET_GATE = _model_rpc("SetGate", _gate.SetGateRequest, _gate.Gate)
GET_GATE = _model_rpc("GetGate", _gate.GetGateRequest, _gate.Gate, idempotent=True)
DELETE_GATE = _model_rpc("DeleteGate", _gate.DeleteGateRequest, Empty)
CHECK_GATE = _model_rpc("CheckGate", _gate.CheckGateRequest, _gate.GateReport, idempotent=True)
ROLLBACK_TAG = _model_rpc("RollbackTag", _models.RollbackTagRequest, tag_pb2.Tag)

GET_MONITORING = _monitoring_rpc(
    "GetMonitoring", _monitoring.GetMonitoringRequest, _monitoring.MonitoringReport, idempotent=True
)
SET_SHADOW = _monitoring_rpc("SetShadow", _shadow.SetShadowRequest, _shadow.Shadow)
CLEAR_SHADOW = _monitoring_rpc("ClearShadow", _shadow.ClearShadowRequest, Empty)
GET_SHADOW_REPORT = _monitoring_rpc(
    "GetShadowReport", _shadow.GetShadowReportRequest, _shadow.ShadowReport, idempotent=True
)

PREDICT = Method(
    "/pinfold.v1.PredictionService/Predict",
    _predictions.PredictRequest,
    _predictions.PredictResponse,
    idempotent=True,
)

EXPLAIN = Method(
    "/pinfold.v1.PredictionService/Explain",
    explanation_pb2.ExplainRequest,
    explanation_pb2.ExplainResponse,
    idempotent=True,
)

PREDICT_STREAM = Method(
    "/pinfold.v1.PredictionService/PredictStream",
    _predictions.PredictStreamRequest,
    _predictions.PredictStreamResponse,
    idempotent=True,
)

PREDICT_DOCUMENTS = Method(
    "/pinfold.v1.PredictionService/PredictDocuments",
    _predictions.PredictDocumentsRequest,
    _predictions.PredictDocumentsResponse,
    idempotent=True,
)

PREDICT_MATCHING_DOCUMENTS = Method(
    "/pinfold.v1.PredictionService/PredictMatchingDocuments",
    _predictions.PredictMatchingDocumentsRequest,
    _predictions.PredictMatchingDocumentsResponse,
    idempotent=True,
)

CREATE_STREAM = _stream_rpc("CreateStream", _streams.CreateStreamRequest, _stream.Stream)
GET_STREAM = _stream_rpc("GetStream", _streams.GetStreamRequest, _stream.Stream, idempotent=True)
LIST_STREAMS = _stream_rpc("ListStreams", _streams.ListStreamsRequest, _streams.ListStreamsResponse, idempotent=True)
UPDATE_STREAM = _stream_rpc("UpdateStream", _streams.UpdateStreamRequest, _stream.Stream)
DELETE_STREAM = _stream_rpc("DeleteStream", _streams.DeleteStreamRequest, Empty)
FETCH = _stream_rpc("Fetch", _streams.FetchRequest, _stream.StreamBatch, idempotent=True)
# Advancing twice to one place is being there.
ADVANCE = _stream_rpc("Advance", _streams.AdvanceRequest, _streams.AdvanceResponse, idempotent=True)
RESET = _stream_rpc("Reset", _streams.ResetRequest, _stream.Stream)
CONSUME = _stream_rpc("Consume", _streams.ConsumeRequest, _streams.ConsumeResponse, idempotent=True)
PUT_STREAM_EXCEPTIONS = _stream_rpc(
    "PutStreamExceptions", _streams.PutStreamExceptionsRequest, _streams.PutStreamExceptionsResponse
)
LIST_STREAM_EXCEPTIONS = _stream_rpc(
    "ListStreamExceptions",
    _streams.ListStreamExceptionsRequest,
    _streams.ListStreamExceptionsResponse,
    idempotent=True,
)
DELETE_STREAM_EXCEPTIONS = _stream_rpc(
    "DeleteStreamExceptions", _streams.DeleteStreamExceptionsRequest, _streams.DeleteStreamExceptionsResponse
)

# The messages of grpc.health.v1 hold one scalar each in field 1, as these do: the same bytes on the wire, without
# another dependency for two bytes. The name of a service goes in, the status comes out (1 is SERVING).
HEALTH_CHECK = Method("/grpc.health.v1.Health/Check", StringValue, Int32Value, idempotent=True)
