from google.protobuf import empty_pb2 as _empty_pb2
from pinfold.v1 import monitoring_pb2 as _monitoring_pb2
from pinfold.v1 import shadow_pb2 as _shadow_pb2
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor
