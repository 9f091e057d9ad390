"""``[mailboxes.NAME]``: what is refused, and where the password comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from canaries.core.errors import SettingsError
from canaries.core.settings import parse
from listener.mailboxes.mailbox_settings import mailboxes

GOOD = {"host": "imap.provider.example", "user": "june@provider.example"}


def one(**said: Any) -> Any:
    (found,) = mailboxes({"june": GOOD | said})
    return found


def test_a_mailbox_is_set_by_file_and_environment() -> None:
    settings = parse({"mailboxes": {"june": GOOD}}, {"TRAPLINE_MAILBOXES_JUNE_PASSWORD": "geheim"})
    (found,) = mailboxes(settings.mailboxes)
    assert (found.name, found.port, found.address) == ("june", 993, "june@provider.example")
    assert found.password() == "geheim"
    assert "geheim" not in repr(found)
    assert one(password="x", security="starttls").port == 143
    assert one(password="x", user="june").address == ""
    assert one(password="x", address="j@x.example").address == "j@x.example"
    assert one(password="x", shared=True).address == ""


def test_a_password_is_read_from_its_file_each_time(tmp_path: Path) -> None:
    path = tmp_path / "password"
    found = one(password_file=str(path))
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        found.password()
    path.write_text("first\n")
    assert found.password() == "first"
    path.write_text("sécond")
    assert found.password() == "sécond"
    for content in (b"", b"\n", b"two\nlines", b"\xff", b"x" * 5000):
        path.write_bytes(content)
        with pytest.raises(SettingsError, match="holds no password") as caught:
            found.password()
        assert "two" not in str(caught.value)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, "a password or a password_file is needed"),
        ({"password": "geheim", "password_file": "f"}, "not both"),
        ({"password": "geheim\r\nA1 DELETE INBOX"}, "password has a control character"),
        ({"password": "geheim", "user": "a\nb"}, "user has a control character"),
        ({"password": "geheim", "folder": "a\rb"}, "folder has a control character"),
        ({"password": "geheim", "port": 65536}, "port must be"),
        ({"password": "geheim", "seconds": 0}, "seconds must be"),
        ({"password": "geheim", "kept_bytes": 1}, "kept_bytes must be"),
        ({"password": "geheim", "security": "none"}, "none of tls, starttls"),
        ({"password": "geheim", "host": ""}, "host and user are needed"),
        ({"password": "geheim", "verify": False}, "no setting called 'verify'"),
    ],
)
def test_what_is_wrong_is_refused_by_name_and_without_the_password(said: dict[str, Any], reason: str) -> None:
    with pytest.raises(SettingsError, match=reason) as caught:
        one(**said)
    assert "geheim" not in f"{caught.value} {caught.value.hint}"
    assert "june" in str(caught.value)


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsError, match="name it with a to z"):
        mailboxes({"Ju ne": GOOD | {"password": "x"}})
