"""The ceiling of a Python gRPC server: a bare `grpc.aio` server that answers stored bytes and does nothing else.

Started by `bench/serving.py`. The reply to a request is the file of the folder that is named after the request's size,
so that requests and replies are the very messages of the server that is measured beside it. A message of a stream that
has no such file, like the options at its beginning, has no reply.
"""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import uvloop

SERVICE = "pinfold.v1.PredictionService"


async def serve(folder: Path) -> None:
    """Serves until it is ended; writes its port to `port` in the folder."""
    replies = {int(path.stem): path.read_bytes() for path in folder.glob("*.reply")}

    async def unary(request: bytes, _: Any) -> bytes:
        return replies[len(request)]

    async def stream(requests: AsyncIterator[bytes], _: Any) -> AsyncIterator[bytes]:
        async for request in requests:
            if (reply := replies.get(len(request))) is not None:
                yield reply

    handlers: dict[str, grpc.RpcMethodHandler[bytes, bytes]] = {
        "Predict": grpc.unary_unary_rpc_method_handler(unary),
        "PredictStream": grpc.stream_stream_rpc_method_handler(stream),
    }
    server = grpc.aio.server(options=[("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", 16 << 20)])
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    (folder / "port.new").write_text(str(port))
    (folder / "port.new").replace(folder / "port")
    await server.wait_for_termination()


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1])))
