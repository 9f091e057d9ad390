"""The demo's receivers take what real clients send, and give their ports back."""

from __future__ import annotations

import smtplib
import socket
import urllib.request
from email.message import EmailMessage

import pytest

from listener.demo.fake_servers import MailServer, WebhookReceiver
from tests import steady


def test_a_mails_subject_is_kept() -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "A canary was used", "a@b.invalid", "c@d.invalid"
    with MailServer() as server:
        with smtplib.SMTP("127.0.0.1", server.port, timeout=steady.PATIENCE) as client:
            client.send_message(message)
        assert server.subjects == ["A canary was used"]
        port = server.port
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), 1)


def test_a_posts_body_is_kept() -> None:
    with WebhookReceiver() as receiver:
        with urllib.request.urlopen(receiver.url, b"signed", timeout=steady.PATIENCE) as answer:
            assert answer.status == 204
        assert receiver.bodies == [b"signed"]
