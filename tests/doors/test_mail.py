"""Letters handed over to `tilios run` and to `tilios lmtp`, as a mail server does."""

import os
import signal
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import mail as post
from tests.harness import server as servers


def refused(port: int, to: str) -> int:
    """The code with which a letter to an address that nobody was given is refused."""
    with pytest.raises(smtplib.SMTPRecipientsRefused) as found:
        post.hand_over(port, b"From: ada@example.org\r\n\r\nBonjour", to)
    return next(iter(found.value.recipients.values()))[0]


def test_the_server_takes_letters_at_the_place_that_is_set(tmp_path: Path) -> None:
    port = post.free_port()
    settings = {"TILIOS_LMTP": f"127.0.0.1:{port}", "TILIOS_MAIL_DOMAIN": "courrier.example"}
    with servers.running(tmp_path / "data", demo=False, **settings):
        assert refused(port, "agenda+1-000@courrier.example") == 550


def test_letters_are_taken_in_a_process_of_its_own_through_a_socket(tmp_path: Path) -> None:
    with servers.running(tmp_path / "data", demo=False) as server:
        place = tmp_path / "lmtp"
        environment = {**os.environ, **server.environment, "TILIOS_MAIL_DOMAIN": "courrier.example"}
        command = [sys.executable, "-m", "tilios.config.command", "lmtp", "--at", str(place)]
        process = subprocess.Popen(command, cwd=servers.ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            assert "courrier.example" in process.stdout.readline()
            with smtplib.LMTP(str(place)) as client:
                client.ehlo()
                client.mail("ada@example.org")
                assert client.rcpt("agenda+1-000@courrier.example")[0] == 550
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0


def test_a_place_that_is_taken_is_said(tmp_path: Path) -> None:
    with post.outside() as taken:
        settings = {"TILIOS_LMTP": f"127.0.0.1:{taken.port}", "TILIOS_MAIL_DOMAIN": "courrier.example"}
        starting = servers.running(tmp_path / "data", demo=False, **settings)
        with pytest.raises(RuntimeError, match="nothing can listen"), starting:
            pass
