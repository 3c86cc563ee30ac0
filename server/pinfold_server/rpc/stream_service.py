"""pinfold.v1.StreamService."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from google.protobuf.empty_pb2 import Empty

from pinfold.v1 import stream_service_pb2 as pb
from pinfold.v1.stream_pb2 import Stream, StreamBatch
from pinfold_server.domain import names
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert import convert_streams
from pinfold_server.rpc.convert.convert_streams import ref_from_pb
from pinfold_server.rpc.convert.convert_time import microseconds
from pinfold_server.rpc.convert.convert_uploads import failure_to_pb
from pinfold_server.rpc.once import request_key
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.streams.stream_batches import StreamBatches
from pinfold_server.services.streams.stream_consuming import ConsumerService
from pinfold_server.services.streams.stream_exceptions import StreamExceptionService
from pinfold_server.services.streams.streams import StreamRef, StreamService, place_id


class StreamServicer:
    """Each method converts, calls one use case and converts back."""

    def __init__(
        self,
        streams: StreamService,
        batches: StreamBatches,
        consumers: ConsumerService,
        exceptions: StreamExceptionService,
    ) -> None:
        self._streams = streams
        self._batches = batches
        self._consumers = consumers
        self._exceptions = exceptions

    async def CreateStream(self, request: pb.CreateStreamRequest) -> Stream:
        ref = StreamRef(names.parse_dataset(request.parent, "parent"), request.stream_id)
        wanted = convert_streams.definition_from_pb(request.stream)
        start_us = microseconds(request.start_time, "start_time") if request.HasField("start_time") else None
        record = await self._streams.create(ref, wanted, start_us, request_key("CreateStream", request))
        return convert_streams.stream_to_pb(ref.dataset_id, record)

    async def GetStream(self, request: pb.GetStreamRequest) -> Stream:
        ref = ref_from_pb(request.name)
        return convert_streams.stream_to_pb(ref.dataset_id, self._streams.get(ref))

    async def ListStreams(self, request: pb.ListStreamsRequest) -> pb.ListStreamsResponse:
        dataset = names.parse_dataset(request.parent, "parent")
        page = self._streams.list_streams(dataset, PageRequest(request.page_size, request.page_token))
        streams = [convert_streams.stream_to_pb(dataset, record) for record in page.records]
        return pb.ListStreamsResponse(streams=streams, next_page_token=page.next_token)

    async def UpdateStream(self, request: pb.UpdateStreamRequest) -> Stream:
        ref = ref_from_pb(request.stream.name, "stream.name", request.stream.etag)
        wanted, chosen = convert_streams.definition_from_pb(request.stream), convert_streams.chosen_fields(request)
        record = await self._streams.update(ref, wanted, chosen, request_key("UpdateStream", request))
        return convert_streams.stream_to_pb(ref.dataset_id, record)

    async def DeleteStream(self, request: pb.DeleteStreamRequest) -> Empty:
        await self._streams.delete(ref_from_pb(request.name, etag=request.etag), request_key("DeleteStream", request))
        return Empty()

    async def Fetch(self, request: pb.FetchRequest) -> StreamBatch:
        batch = await self._batches.fetch(ref_from_pb(request.name), request.size)
        # A thousand documents take tens of milliseconds: not on the event loop.
        return await asyncio.to_thread(convert_streams.batch_to_pb, batch)

    async def Advance(self, request: pb.AdvanceRequest) -> pb.AdvanceResponse:
        answer = await self._streams.advance(ref_from_pb(request.name), request.sequence_id)
        return pb.AdvanceResponse(moved=answer.moved, sequence_id=place_id(answer.stream))

    async def Reset(self, request: pb.ResetRequest) -> Stream:
        ref = ref_from_pb(request.name)
        if not request.HasField("to_time"):
            raise invalid("to_time", "must be set: the time of upload to go to")
        to_us = microseconds(request.to_time, "to_time")
        record = await self._streams.reset(ref, to_us, request_key("Reset", request))
        return convert_streams.stream_to_pb(ref.dataset_id, record)

    async def Consume(self, request: pb.ConsumeRequest) -> AsyncIterator[pb.ConsumeResponse]:
        appetite = convert_streams.appetite_from_pb(request)
        async with contextlib.aclosing(self._consumers.consume(ref_from_pb(request.name), appetite)) as batches:
            async for batch in batches:
                if batch is None:
                    yield pb.ConsumeResponse()
                else:
                    yield pb.ConsumeResponse(batch=await asyncio.to_thread(convert_streams.batch_to_pb, batch))

    async def PutStreamExceptions(self, request: pb.PutStreamExceptionsRequest) -> pb.PutStreamExceptionsResponse:
        told = convert_streams.exceptions_from_pb(request.exceptions)
        once = request_key("PutStreamExceptions", request)
        answer = await self._exceptions.put(ref_from_pb(request.parent, "parent"), told, once)
        failures = map(failure_to_pb, answer.failures)
        return pb.PutStreamExceptionsResponse(stored_count=answer.stored_count, failures=failures)

    async def ListStreamExceptions(self, request: pb.ListStreamExceptionsRequest) -> pb.ListStreamExceptionsResponse:
        wanted = PageRequest(request.page_size, request.page_token)
        page = self._exceptions.list_exceptions(ref_from_pb(request.parent, "parent"), wanted)
        exceptions = map(convert_streams.exception_to_pb, page.records)
        return pb.ListStreamExceptionsResponse(exceptions=exceptions, next_page_token=page.next_token)

    async def DeleteStreamExceptions(
        self, request: pb.DeleteStreamExceptionsRequest
    ) -> pb.DeleteStreamExceptionsResponse:
        once = request_key("DeleteStreamExceptions", request)
        answer = await self._exceptions.delete(ref_from_pb(request.parent, "parent"), request.documents, once)
        return pb.DeleteStreamExceptionsResponse(deleted_count=answer.count)
