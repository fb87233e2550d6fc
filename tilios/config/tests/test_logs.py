"""Log lines: one a record, parsable, without keys."""

import logging

import pytest

from tilios.config.logs import KeyValueFormatter


def line(message: str, **extra: object) -> str:
    record = logging.makeLogRecord(
        {"name": "tilios.request", "levelno": 20, "levelname": "INFO", "msg": message, **extra}
    )
    return KeyValueFormatter().format(record)


def test_it_holds_its_fields() -> None:
    assert line("request", status=200, path="/s/la-fabrique/").endswith(
        "level=info logger=tilios.request msg=request status=200 path=/s/la-fabrique/"
    )


def test_a_hostile_value_stays_in_its_field() -> None:
    assert 'path="/\\nlevel=error msg=\\"forged\\""' in line("request", path='/\nlevel=error msg="forged"')


@pytest.mark.parametrize(
    "path",
    [
        "/l/SECRET/",
        "/l/SECRET/vote/",
        "/invitation/SECRET/",
        "/desabonnement/SECRET/",
        "/rooms/12?ticket=SECRET",
        "/compte/password/reset/key/SECRET/",
        "/compte/confirm-email/SECRET/",
    ],
)
def test_a_key_is_not_in_the_line(path: str) -> None:
    assert "SECRET" not in line("request", path=path)
    assert "SECRET" not in line(f"Not Found: {path}")
