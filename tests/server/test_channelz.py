"""channelz, which is off unless asked for."""

import subprocess
import sys

import grpc
import pytest
from grpc_channelz.v1.channelz_pb2 import GetServersRequest
from grpc_channelz.v1.channelz_pb2_grpc import ChannelzStub

from tests.serving import HANG_SECONDS, Server


def test_it_tells_of_the_calls_of_a_worker_when_it_is_on(start_server):
    server: Server = start_server(trainers=0, flags=["--channelz", "on"])
    with grpc.insecure_channel(server.target) as channel:
        stub = ChannelzStub(channel)
        stub.GetServers(GetServersRequest(), timeout=HANG_SECONDS)
        (told,) = stub.GetServers(GetServersRequest(), timeout=HANG_SECONDS).server

    assert told.data.calls_started >= 2


def test_it_is_not_there_by_default(server: Server):
    with grpc.insecure_channel(server.target) as channel, pytest.raises(grpc.RpcError) as refused:
        ChannelzStub(channel).GetServers(GetServersRequest(), timeout=HANG_SECONDS)

    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_a_server_without_the_extra_says_what_to_install():
    code = """
import importlib.util, sys
from pinfold_server.__main__ import main
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "grpc_channelz" else find(name, *more)
sys.exit(main(["--channelz", "on"]))
"""
    refused = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert refused.returncode == 2
    assert "pip install 'pinfold-server[channelz]'" in refused.stderr
