from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from canaries.core import settings
from canaries.core.errors import SettingsError
from listener.notify.channels import Alert, Attempt, DeliveryError
from listener.notify.channels.email import Email, EmailSettings
from tests.hooks import Way


def way(request: pytest.FixtureRequest) -> Way:
    mailbox = request.getfixturevalue("mail_server")()

    def gone() -> None:
        mailbox.answers["DATA"] = "451 later"

    return Way(mailbox.settings(), mailbox.texts, gone, ("pAssW0rd",))


Start = Callable[..., Any]


def channel(mailbox: Any, **more: Any) -> Email:
    return Email(settings.bind(EmailSettings, mailbox.settings(**more), "channels.soc"))


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)


def test_starttls_and_login_come_before_the_mail(mail_server: Start, alert: Alert) -> None:
    mailbox = mail_server()  # asks for both
    assert channel(mailbox, to=["a@example.org", "b@example.org"]).send(alert) == "250 accepted for 2"
    assert mailbox.logins == [("courier", "pAssW0rd")]
    assert mailbox.envelopes[0].rcpt_tos == ["a@example.org", "b@example.org"]
    assert mailbox.envelopes[0].mail_from == "trap@example.net"


def test_tls_from_the_first_byte(mail_server: Start, alert: Alert) -> None:
    mailbox = mail_server(implicit=True)
    assert channel(mailbox, security="tls").send(alert) == "250 accepted for 1"


def test_a_relay_on_this_machine_needs_neither(mail_server: Start, alert: Alert) -> None:
    mailbox = mail_server(tls=False)
    assert (
        channel(mailbox, security="none", user="", password="", ca_file="").send(alert)
        == "250 accepted for 1"
    )


def test_the_headers_hold_nothing_of_the_visitor(mail_server: Start, alert: Alert) -> None:
    mailbox = mail_server()
    channel(mailbox).send(alert)
    (mail,) = mailbox.mails
    assert mail["Subject"] == "HIGH: aws key used (in the wiki)"
    assert mail["To"] == "soc@example.org"
    assert mail["Bcc"] is None
    assert mail["Message-ID"] == f"<{alert.id}@example.net>"
    assert mail["Date"] == "Sun, 22 Nov 2026 12:00:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    head = mailbox.raw[0].split(b"\r\n\r\n", 1)[0]
    assert b"channel" not in head


def test_a_memo_cannot_break_into_the_headers(mail_server: Start, alert: Alert) -> None:
    mailbox = mail_server()
    channel(mailbox).send(dataclasses.replace(alert, memo="x\r\nBcc: thief@example.org\r\n\r\nbody"))
    (mail,) = mailbox.mails
    assert mail["Bcc"] is None
    assert mail["Subject"].strip().startswith("HIGH: aws key used (x\\x0d\\x0aBcc: thief@example.org")


def test_text_and_html_say_the_same_and_the_html_has_no_link_or_script(
    mail_server: Start, alert: Alert
) -> None:
    mailbox = mail_server()
    channel(mailbox).send(alert)
    text, html = (part.get_content() for part in mailbox.mails[0].iter_parts())
    assert mailbox.mails[0].get_content_type() == "multipart/alternative"
    assert "<!channel> =cmd|'/c calc'!A1 \\u202e <script>" in text
    assert "&lt;!channel&gt; =cmd|&#39;/c calc&#39;!A1 \\u202e &lt;script&gt;" in html
    assert not Tags(html).tags & {"a", "script", "img", "link", "iframe", "form", "base"}
    assert not re.search(r"https?://", html)


def test_the_same_alert_is_the_same_mail(mail_server: Start, alert: Alert) -> None:
    mailbox = mail_server()
    for _ in range(2):
        channel(mailbox).send(alert)
    one, two = mailbox.mails
    assert (one["Message-ID"], one["Date"]) == (two["Message-ID"], two["Date"])


@pytest.mark.parametrize(("answer", "permanent"), [("451 later", False), ("554 spam", True)])
def test_5yz_is_final_and_4yz_is_not(mail_server: Start, alert: Alert, answer: str, permanent: bool) -> None:
    mailbox = mail_server()
    mailbox.answers["DATA"] = answer
    with pytest.raises(DeliveryError) as caught:
        channel(mailbox).send(alert)
    assert caught.value.permanent is permanent
    assert answer[:3] in caught.value.reason
    assert answer[4:] not in caught.value.reason


@pytest.mark.parametrize(("answer", "permanent"), [("450 busy", False), ("550 unknown", True)])
@pytest.mark.parametrize("others", [[], ["fine@example.org"]])
def test_a_refused_recipient_is_told_even_if_another_was_taken(
    mail_server: Start, alert: Alert, answer: str, permanent: bool, others: list[str]
) -> None:
    mailbox = mail_server()
    mailbox.answers["gone@example.org"] = answer
    with pytest.raises(DeliveryError, match=rf"refused 1 of {1 + len(others)} recipients") as caught:
        channel(mailbox, to=["gone@example.org", *others]).send(alert)
    assert caught.value.permanent is permanent
    assert len(mailbox.mails) == len(others)


def test_a_wrong_password_is_final_and_not_shown(mail_server: Start, alert: Alert) -> None:
    with pytest.raises(DeliveryError, match="answered 535") as caught:
        channel(mail_server(), password="wr0ng-One").send(alert)
    assert caught.value.permanent is True
    assert "wr0ng-One" not in str(caught.value)


def test_a_certificate_of_nobody_we_trust_gets_neither_mail_nor_password(
    mail_server: Start, alert: Alert
) -> None:
    mailbox = mail_server()
    with pytest.raises(DeliveryError, match="certificate is not valid") as caught:
        channel(mailbox, ca_file="").send(alert)
    assert caught.value.permanent is False
    assert mailbox.logins == []
    assert channel(mailbox, ca_file="", verify=False).send(alert)


def test_a_server_that_hides_starttls_gets_nothing(mail_server: Start, alert: Alert) -> None:
    mailbox = mail_server(tls=False)
    with pytest.raises(DeliveryError, match="does not offer") as caught:
        channel(mailbox).send(alert)
    assert caught.value.permanent is False
    assert (mailbox.logins, mailbox.mails) == ([], [])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"to": []}, "at least one address"),
        ({"to": ["x\r\nBcc: y@z"]}, "not an e-mail address"),
        ({"sender": "Trap <trap@example.net>"}, "not an e-mail address"),
        ({"port": 0}, "port must be"),
        ({"security": "maybe"}, "none of starttls, tls, none"),
        ({"security": "none", "password": "pAssW0rd", "host": "mail.example.net"}, "in clear"),
    ],
)
def test_bad_settings_are_refused_by_name(change: dict[str, Any], sentence: str) -> None:
    good = {"host": "localhost", "sender": "trap@example.net", "to": ["soc@example.org"]}
    with pytest.raises(SettingsError, match=sentence) as caught:
        settings.bind(EmailSettings, good | change, "channels.soc")
    assert "pAssW0rd" not in caught.value.sentence


def test_o2_a_recipient_who_has_it_is_not_sent_it_again(mail_server: Start, alert: Alert) -> None:
    mailbox = mail_server()
    mailbox.answers["slow@example.org"] = "451 greylisted"
    one = channel(mailbox, to=["quick@example.org", "slow@example.org"])
    with pytest.raises(DeliveryError) as caught:
        one.deliver(alert, Attempt())
    assert caught.value.delivered == ("quick@example.org",)
    mailbox.answers.clear()
    assert one.deliver(alert, Attempt(done=caught.value.delivered)).text == "250 accepted for 1"
    assert [envelope.rcpt_tos for envelope in mailbox.envelopes] == [
        ["quick@example.org"],
        ["slow@example.org"],
    ]


def test_o2_a_full_mailbox_is_for_an_operator_to_mend_and_no_fault_of_the_message(
    mail_server: Start, alert: Alert
) -> None:
    mailbox = mail_server()
    mailbox.answers["soc@example.org"] = "552 mailbox full"
    with pytest.raises(DeliveryError) as caught:
        channel(mailbox).send(alert)
    assert (caught.value.permanent, caught.value.malformed) == (True, False)


def test_a_message_that_is_refused_has_a_plain_form_of_ascii_text(mail_server: Start, alert: Alert) -> None:
    mailbox = mail_server()
    mailbox.answers["DATA"] = "554 looks like spam"
    with pytest.raises(DeliveryError) as caught:
        channel(mailbox).send(alert)
    assert caught.value.malformed
    mailbox.answers.clear()
    channel(mailbox).deliver(dataclasses.replace(alert, memo="Zürich"), Attempt(plain=True))
    (mail,) = mailbox.mails
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().isascii()
    assert "203.0.113.9" in mail.get_content()


def test_what_belongs_to_one_incident_is_one_thread(mail_server: Start, alert: Alert) -> None:
    mailbox = mail_server()
    for event in ("first", "digest"):
        channel(mailbox).send(dataclasses.replace(alert, event=event, hits=9))
    first, second = mailbox.mails
    assert (
        first["References"] == second["References"] == second["In-Reply-To"] == "<incident.aabb@example.net>"
    )
    assert first["In-Reply-To"] is None
    assert second["Subject"].startswith("Re: HIGH: aws key used")


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_a_password_and_a_name_need_not_be_ascii(mail_server: Start, alert: Alert, mechanism: str) -> None:
    mailbox = mail_server(password="pässwörd", mechanism=mechanism)
    assert channel(mailbox, user="jürgen", password="pässwörd").send(alert) == "250 accepted for 1"
    assert mailbox.logins == [("jürgen", "pässwörd")]
    with pytest.raises(DeliveryError, match="answered 535") as caught:
        channel(mailbox, user="jürgen", password="fälsch").send(alert)
    assert caught.value.permanent


def test_a_domain_need_not_be_ascii(mail_server: Start, alert: Alert) -> None:
    mailbox = mail_server()
    channel(mailbox, to=["soc@bücher.example"]).send(alert)
    assert mailbox.envelopes[0].rcpt_tos == ["soc@xn--bcher-kva.example"]
