"""One line an event, as `key=value` pairs that a person reads and a program parses (logfmt)."""

import json
import logging
import re
from datetime import UTC, datetime

STANDARD = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__)
LEFT_OUT = STANDARD | {"message", "asctime", "taskName", "request", "color_message"}
#: Addresses that are keys: share links, invitations, confirmations and resets of allauth, sockets of live texts.
KEYS = re.compile(r"(/(?:l|invitation|desabonnement|confirm-email|password/reset/key)/|\?ticket=)[^/\s\"'\\]+")


class KeyValueFormatter(logging.Formatter):
    """`at=2026-01-31T10:00:00Z level=info logger=tilios.request msg="…" status=200 duration_ms=12`."""

    def format(self, record: logging.LogRecord) -> str:
        pairs: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "msg": record.getMessage(),
        }
        pairs |= {key: value for key, value in record.__dict__.items() if key not in LEFT_OUT}
        line = " ".join(f"{key}={_value(value)}" for key, value in pairs.items())
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        # SECURITY: whoever reads the log must not be able to open what its lines speak of.
        return KEYS.sub(r"\1-", line)


def _value(value: object) -> str:
    text = str(value)
    # SECURITY: quoting keeps a hostile path or header on its own line and in its own field.
    return text if re.fullmatch(r"[\w.,:/@+-]+", text, re.ASCII) else json.dumps(text)
