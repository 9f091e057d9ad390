"""The trial of mailboxes logs in, and says how that went."""

from __future__ import annotations

import ssl
from pathlib import Path

from canaries.installation.home import Home
from listener.health.checks import View
from listener.health.trials.mailboxes import MailboxesTrial
from tests.mail_server import PASSWORD, USER, mail_server

_TOML = """
[mailboxes.{name}]
host = "127.0.0.1"
port = {port}
user = "{user}"
password_file = "{password}"
ca_file = "{ca}"
"""


def test_who_is_let_in_and_who_is_not(
    home: Home, server_tls: tuple[ssl.SSLContext, Path], tmp_path: Path
) -> None:
    (tmp_path / "right").write_text(PASSWORD)
    (tmp_path / "wrong").write_text("geheim")
    with mail_server(server_tls[1]) as server:
        server.deliver("one")
        with (home.path / "trapline.toml").open("a") as file:
            for name in ("right", "wrong"):
                said = {"port": server.tls, "user": USER, "password": tmp_path / name, "ca": server.ca_file}
                file.write(_TOML.format(name=name, **said))
        right, wrong = MailboxesTrial().run(View(Home(home.path), home.clock.now()))
    assert (right.level, right.says) == ("well", f"127.0.0.1 lets {USER} in, with 1 message in INBOX")
    assert (wrong.level, wrong.says) == ("failing", "the server refused the user or the password")
    assert "password of its own" in wrong.hint
