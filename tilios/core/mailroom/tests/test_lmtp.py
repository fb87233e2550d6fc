"""The listener says what it does not do."""

import smtplib

import pytest
from django.core.management.base import CommandError

from tests.harness import mail as post
from tilios.core.mailroom import lmtp


def test_a_place_that_is_taken_is_said() -> None:
    with post.outside() as taken, pytest.raises(CommandError, match="nothing can listen"):
        lmtp.started(f"127.0.0.1:{taken.port}")


@pytest.mark.django_db(transaction=True)
def test_letters_to_too_many_at_once_wait() -> None:
    with post.listening() as port, smtplib.LMTP("127.0.0.1", port) as client:
        client.ehlo()
        assert int(client.esmtp_features["size"]) > 1_000_000
        client.mail("ada@example.org")
        assert client.rcpt("ada@example.org")[0] == 550
