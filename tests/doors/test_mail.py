"""Letters handed over to `tilios run` and to `tilios lmtp`, as a mail server does."""

import signal
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import mail as post
from tests.harness import server as servers

NOBODY = "agenda+1-000@courrier.example"


@pytest.mark.slow
def test_both_commands_take_letters_at_the_place_that_is_set(tmp_path: Path) -> None:
    port, place = post.free_port(), tmp_path / "lmtp"
    settings = {"TILIOS_LMTP": f"127.0.0.1:{port}", "TILIOS_MAIL_DOMAIN": "courrier.example"}
    with servers.running(tmp_path / "data", **settings) as server:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as found:
            post.hand_over(port, b"From: ada@example.org\r\n\r\nBonjour", NOBODY)
        assert next(iter(found.value.recipients.values()))[0] == 550

        command = [sys.executable, "-m", "tilios.config.command", "lmtp", "--at", str(place)]
        process = subprocess.Popen(command, cwd=servers.ROOT, env=server.environment, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            assert "courrier.example" in process.stdout.readline()
            with smtplib.LMTP(str(place)) as client:
                client.ehlo()
                client.mail("ada@example.org")
                assert client.rcpt(NOBODY)[0] == 550
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
