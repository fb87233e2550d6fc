"""One line an event, as `key=value` pairs that a person reads and a program parses (logfmt)."""

import json
import logging
from datetime import UTC, datetime

STANDARD = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message", "asctime", "taskName"}


class KeyValueFormatter(logging.Formatter):
    """`at=2026-01-31T10:00:00Z level=info logger=tilios.request msg="…" status=200 duration_ms=12`."""

    def format(self, record: logging.LogRecord) -> str:
        pairs: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "msg": record.getMessage(),
        }
        pairs |= {key: value for key, value in record.__dict__.items() if key not in STANDARD}
        line = " ".join(f"{key}={_value(value)}" for key, value in pairs.items() if key != "request")
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


def _value(value: object) -> str:
    text = str(value)
    # SECURITY: quoting keeps a hostile path or header on its own line and in its own field.
    return text if text.isascii() and text.replace("_", "").replace(".", "").isalnum() else json.dumps(text)
