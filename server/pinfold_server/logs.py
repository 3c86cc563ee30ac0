"""The log of a process: lines for people, or one JSON object a line for a collector.

Texts of callers, labels and keys never go into it; a request is found by its id (`request_id` of a record).
"""

import json
import logging
import sys
from datetime import UTC, datetime

CHATTY = ("grpc", "asyncio")  # other people's loggers that say too much


def set_up(process: str, level: str, form: str) -> None:
    """Everything of severity `level` and above goes to standard error; `form` is text or json."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(process) if form == "json" else TextLines(process))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


class TextLines(logging.Formatter):
    """Time, severity, process, message, and the id of the request where there is one."""

    def __init__(self, process: str) -> None:
        super().__init__(f"%(asctime)s %(levelname)-7s [{process}] %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - named by logging
        line = super().formatMessage(record)
        request_id = getattr(record, "request_id", None)
        return f"{line} (request {request_id})" if request_id else line


class JsonLines(logging.Formatter):
    """One object: time, level, process, pid, logger, message; request_id and traceback where there are any."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "pid": record.process,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := getattr(record, "request_id", None):
            fields["request_id"] = request_id
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)
