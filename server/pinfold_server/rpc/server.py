"""The gRPC server of one worker: its options, its services, its drain."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.descriptor import ServiceDescriptor

from pinfold_server.metrics import Registry
from pinfold_server.rpc.calls import Calls, OnBroken
from pinfold_server.rpc.handlers import Wrapper, generic_handler
from pinfold_server.rpc.poller import Poller
from pinfold_server.rpc.standard import Health, add_channelz, add_reflection

LOOK_SECONDS = 0.05
QUIET_LOOKS = 6  # of looks without a call before connections are closed: time for the callers to hear of the end

WINDOW_BYTES = 1 << 20  # that a caller may send of a message before any of it is read: 20 MB/s at 50 ms of distance

OLD_CALL_SECONDS = 600  # that a call may still take on a connection that is given up for its age


@dataclass(frozen=True, slots=True)
class Connections:
    """How a worker meets its callers.

    `age_seconds`: a connection that is so old (give or take 10 %) gets no new calls; its caller opens another.
    The kernel gives each connection to some worker for good: without an end to them, load stays where it once fell.
    """

    message_bytes_max: int
    age_seconds: float
    share_port: bool
    channelz: bool = False


class RpcServer:
    """Listens on a port that other workers may share; says SERVING only when told to."""

    def __init__(
        self,
        servicers: Mapping[ServiceDescriptor, object],
        *,
        connections: Connections,
        on_broken: OnBroken,
        registry: Registry,
        poller: Poller,
        wrapper: Wrapper | None = None,
    ) -> None:
        """`poller` is told which thread it is; `wrapper` is put around the handler of every method."""
        self._calls = Calls(on_broken)
        registry.add(self._calls.meters.families)
        with poller.starting():
            self._server = grpc.aio.server(options=_options(connections))
        names = [service.full_name for service in servicers]
        self._server.add_generic_rpc_handlers(
            tuple(generic_handler(service, servicer, self._calls, wrapper) for service, servicer in servicers.items())
        )
        if connections.channelz:
            add_channelz(self._server)
        add_reflection(self._server, names)
        self._health = Health(names)

    async def start(self, address: str) -> int:
        """Listens, answers everything but still says NOT_SERVING; the port. Raises RuntimeError when it is taken."""
        await self._health.add_to(self._server)
        port = self._server.add_insecure_port(address)
        await self._server.start()
        return int(port)

    async def serving(self) -> None:
        await self._health.serving()

    async def drain(self, grace_seconds: float) -> None:
        """NOT_SERVING, no new calls, running ones get `grace_seconds`.

        gRPC waits for connections too, and an idle one takes seconds to go: once no call runs, they are closed.
        """
        await self._health.draining()
        stopping = asyncio.ensure_future(self._server.stop(grace_seconds))
        quiet = 0
        while not stopping.done() and quiet < QUIET_LOOKS:
            await asyncio.sleep(LOOK_SECONDS)
            quiet = quiet + 1 if self._calls.running == 0 else 0
        await self._server.stop(None)
        await stopping


def _options(connections: Connections) -> list[tuple[str, Any]]:
    return [
        ("grpc.enable_channelz", int(connections.channelz)),
        ("grpc.so_reuseport", int(connections.share_port)),
        ("grpc.max_receive_message_length", connections.message_bytes_max),
        ("grpc.max_send_message_length", connections.message_bytes_max),
        ("grpc.max_metadata_size", 16 * 1024),
        # What comes beyond it under overload is turned away by gRPC's core, before it takes memory; a caller that
        # knows the bound waits on its own side. A new connection does not yet: hence more than HTTP/2's usual 100.
        ("grpc.max_concurrent_streams", 192),
        # Windows that do not grow with the speed of the line, so that streams that are not read have bounded memory.
        ("grpc.http2.bdp_probe", 0),
        ("grpc.http2.lookahead_bytes", WINDOW_BYTES),
        ("grpc.max_connection_idle_ms", 5 * 60_000),
        ("grpc.max_connection_age_ms", int(connections.age_seconds * 1000)),
        ("grpc.max_connection_age_grace_ms", OLD_CALL_SECONDS * 1000),
        ("grpc.http2.min_ping_interval_without_data_ms", 30_000),
        ("grpc.keepalive_permit_without_calls", 1),
    ]
