"""Parts of a training: messages to choices, answers to messages."""

from collections.abc import Iterable

from pinfold.v1.split_pb2 import DocumentSplit, ListSplitsResponse, SetSplitsResponse
from pinfold_server.rpc.convert.convert_uploads import failure_to_pb
from pinfold_server.services.annotations.splits import SplitChoice
from pinfold_server.services.common.pages import Page
from pinfold_server.store.storage_pb2 import AnnotateAnswer


def choices_from_pb(splits: Iterable[DocumentSplit]) -> list[SplitChoice]:
    return [SplitChoice(each.document, each.split) for each in splits]


def answer_to_pb(answer: AnnotateAnswer) -> SetSplitsResponse:
    return SetSplitsResponse(
        changed_count=answer.changed_count,
        unchanged_count=answer.unchanged_count,
        failed_count=len(answer.failures),
        failures=map(failure_to_pb, answer.failures),
        revision=answer.revision,
    )


def page_to_pb(page: Page[SplitChoice]) -> ListSplitsResponse:
    splits = [DocumentSplit(document=each.document) for each in page.records]
    for message, each in zip(splits, page.records, strict=True):
        message.split = each.split  # type: ignore[assignment]  # a number that the protocol knows
    return ListSplitsResponse(splits=splits, next_page_token=page.next_token)
