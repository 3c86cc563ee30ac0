"""pinfold.v1.MonitoringService."""

from collections.abc import Callable

from google.protobuf.empty_pb2 import Empty

from pinfold.v1 import monitoring_pb2, shadow_pb2
from pinfold_server.domain import names
from pinfold_server.rpc.convert import convert_monitoring
from pinfold_server.rpc.once import request_key
from pinfold_server.services.monitoring.monitoring_reports import MonitoringReports
from pinfold_server.services.monitoring.shadows import ShadowService

Clock = Callable[[], int]  # microseconds since 1970, UTC


class MonitoringServicer:
    """Each method converts, calls one use case and converts back."""

    def __init__(self, reports: MonitoringReports, shadows: ShadowService, clock: Clock) -> None:
        self._reports = reports
        self._shadows = shadows
        self._clock = clock

    async def GetMonitoring(self, request: monitoring_pb2.GetMonitoringRequest) -> monitoring_pb2.MonitoringReport:
        query = convert_monitoring.query_from_pb(request)
        report = await self._reports.report(query, self._clock() // 1_000_000)
        return convert_monitoring.report_to_pb(query.dataset_id, report)

    async def SetShadow(self, request: shadow_pb2.SetShadowRequest) -> shadow_pb2.Shadow:
        where = names.parse_tag(request.tag, "tag")
        once = request_key("SetShadow", request)
        record = await self._shadows.set(where, request.version, request.share, request.actor, once)
        return convert_monitoring.shadow_to_pb(where[0], record)

    async def ClearShadow(self, request: shadow_pb2.ClearShadowRequest) -> Empty:
        where = names.parse_tag(request.tag, "tag")
        await self._shadows.clear(where, request.actor, request_key("ClearShadow", request))
        return Empty()

    async def GetShadowReport(self, request: shadow_pb2.GetShadowReportRequest) -> shadow_pb2.ShadowReport:
        where = names.parse_tag(request.tag, "tag")
        return convert_monitoring.shadow_report_to_pb(where[0], self._shadows.report(*where))
