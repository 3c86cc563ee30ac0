"""The history of annotations: values to messages."""

from pinfold.v1.annotation_history_pb2 import AnnotationEvent, ListAnnotationHistoryResponse
from pinfold_server.rpc.convert.convert_time import timestamp
from pinfold_server.services.annotations.annotation_history import AnnotationChangeInfo
from pinfold_server.services.common.pages import Page


def history_to_pb(page: Page[AnnotationChangeInfo]) -> ListAnnotationHistoryResponse:
    return ListAnnotationHistoryResponse(events=map(_event_to_pb, page.records), next_page_token=page.next_token)


def _event_to_pb(info: AnnotationChangeInfo) -> AnnotationEvent:
    after = info.record.after
    return AnnotationEvent(
        revision=after.revision,
        time=timestamp(after.updated_us),
        annotator=after.annotator,
        retrieval_mode=after.retrieval_mode,  # type: ignore[arg-type]
        cause=info.record.cause,  # type: ignore[arg-type]
        assigned=info.assigned,
        dismissed=info.dismissed,
        reviewed=after.reviewed,
        newly_assigned=info.newly_assigned,
        no_longer_assigned=info.no_longer_assigned,
        newly_dismissed=info.newly_dismissed,
        no_longer_dismissed=info.no_longer_dismissed,
        actor=info.record.actor,
        sentiments=map(int, info.sentiments),  # type: ignore[arg-type]
    )
