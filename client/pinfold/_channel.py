"""How channels are opened. The only place that knows their options."""

from collections.abc import Sequence
from importlib import metadata

import grpc
import grpc.aio

Option = tuple[str, str | int]

MESSAGE_BYTES_MAX = 16 << 20
#: Connections of a client, used as calls need them: enough to meet every worker of a small server.
CHANNELS = 4
CHANNELS_MAX = 64


def _user_agent() -> str:
    try:
        return f"pinfold-python/{metadata.version('pinfold')}"
    except metadata.PackageNotFoundError:  # used from a source tree that is not installed
        return "pinfold-python"


def channel_options(options: Sequence[Option]) -> list[Option]:
    """Ours, overridden by the caller's."""
    merged: dict[str, str | int] = {
        "grpc.primary_user_agent": _user_agent(),
        "grpc.max_send_message_length": MESSAGE_BYTES_MAX,
        "grpc.max_receive_message_length": MESSAGE_BYTES_MAX,
        # Finds a connection that has silently died while a call waits. Servers close connections that ping more
        # often than they allow; theirs allows one ping in 30 s.
        "grpc.keepalive_time_ms": 60_000,
        "grpc.keepalive_timeout_ms": 20_000,
        # A watch may hear nothing for long; by default two pings would be all that look after it.
        "grpc.http2.max_pings_without_data": 0,
        # A call that fails in the back-off of its channel fails at once, whatever our own retries do: by default
        # it is a second, longer than all of them, so that a restarted worker would be missed.
        "grpc.initial_reconnect_backoff_ms": 100,
        "grpc.max_reconnect_backoff_ms": 500,
        # So long an attempt to connect may hang. The default is longer than all our retries: a connection that a worker
        # took with its last breath would be waited for while the next worker serves already.
        "grpc.min_reconnect_backoff_ms": 2_000,
        # Channels to one target would otherwise share a connection.
        "grpc.use_local_subchannel_pool": 1,
    }
    merged.update(options)
    return list(merged.items())


def open_channel(target: str, credentials: grpc.ChannelCredentials | None, options: Sequence[Option]) -> grpc.Channel:
    if credentials is None:
        return grpc.insecure_channel(target, options=channel_options(options))
    return grpc.secure_channel(target, credentials, options=channel_options(options))


def open_aio_channel(
    target: str, credentials: grpc.ChannelCredentials | None, options: Sequence[Option]
) -> grpc.aio.Channel:
    if credentials is None:
        return grpc.aio.insecure_channel(target, options=channel_options(options))
    return grpc.aio.secure_channel(target, credentials, options=channel_options(options))


def check_channels(count: object) -> int:
    """A number of channels. Raises TypeError or ValueError."""
    if isinstance(count, bool) or not isinstance(count, int):
        raise TypeError(f"channels must be an int, got {type(count).__name__}")
    if not 1 <= count <= CHANNELS_MAX:
        raise ValueError(f"channels must be from 1 to {CHANNELS_MAX}, got {count}")
    return count
