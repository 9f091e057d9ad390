"""A real IMAP server, Dovecot, on loopback: one user's mailbox, over TLS, with a certificate of a CA of its own."""

from __future__ import annotations

import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from listener.mailboxes.mailbox_settings import Mailbox, MailboxSettings
from tests import steady
from tests.programs import require

USER, PASSWORD = "june.k@provider.example", 'p"ass\\ wörd'
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
mail_location = maildir:{folder}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 0
first_valid_gid = 0
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
ssl = required
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
ssl_client_ca_file =
auth_mechanisms = plain login
mail_max_userip_connections = 50
auth_failure_delay = 0
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {starttls}
  }}
  inet_listener imaps {{
    port = {tls}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
}}
"""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A running one."""

    folder: Path
    tls: int
    """Ports."""
    starttls: int

    @property
    def ca_file(self) -> str:
        return str(self.folder / "cert.pem")

    def mailbox(self, **said: object) -> Mailbox:
        """The mailbox as it would be set."""
        usual: dict[str, object] = {
            "host": "127.0.0.1",
            "port": self.tls,
            "user": USER,
            "password": PASSWORD,
            "ca_file": self.ca_file,
        }
        return Mailbox("june", MailboxSettings(**usual | said))  # type: ignore[arg-type]

    def client(self) -> imaplib.IMAP4_SSL:
        """Somebody who is logged in there and may write."""
        client = imaplib.IMAP4_SSL(
            "127.0.0.1", self.tls, ssl_context=ssl.create_default_context(cafile=self.ca_file)
        )
        client.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
        return client

    def deliver(
        self, text: str, *, subject: str = "Alert", to: str = USER, folder: str = "INBOX", at: float = 0
    ) -> None:
        """A message comes."""
        message = f"From: alerts@service.test\r\nTo: {to}\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode()
        self.deliver_bytes(message, folder, at)

    def deliver_bytes(self, message: bytes, folder: str = "INBOX", at: float = 0) -> None:
        """As it is. ``at``: when it came, seconds since the epoch; 0: now."""
        with self.client() as client:
            status, said = client.append(folder, "", imaplib.Time2Internaldate(at or time.time()), message)
            assert status == "OK", said

    def flags(self, folder: str = "INBOX") -> list[bytes]:
        """Of every message."""
        with self.client() as client:
            client.select(folder, readonly=True)
            found = client.fetch("1:*", "(UID FLAGS)")[1]
        return [one for one in found if isinstance(one, bytes)]

    def empty(self) -> None:
        """Nothing is in it any more."""
        with self.client() as client:
            if client.select("INBOX")[1] != [b"0"]:
                client.store("1:*", "+FLAGS", "\\Deleted")
                client.expunge()

    def renumber(self, validity: int) -> None:
        """UIDVALIDITY changes, and every message gets another UID: the index is lost, as in a restored mailbox."""
        root = self.folder / "mail" / USER
        with self.client() as client:
            client.select("INBOX", readonly=True)
            known = client.response("UIDVALIDITY")[1][0]
        (root / "dovecot-uidlist").write_text(f"3 V{validity} N40 Gabc\n")
        for path in root.glob("dovecot.index*"):
            path.unlink()
        with self.client() as client:
            client.select("INBOX", readonly=True)
            assert client.response("UIDVALIDITY")[1][0] not in (known, None)


@contextlib.contextmanager
def mail_server(ca_file: Path) -> Iterator[MailServer]:
    """``ca_file``: its certificate, beside its ``key.pem``. Skips, by name, where Dovecot's IMAP server is missing."""
    require("dovecot")
    if not any(Path(one).is_file() for one in ("/usr/lib/dovecot/imap", "/usr/libexec/dovecot/imap")):
        require("dovecot-imapd")
    with tempfile.TemporaryDirectory(prefix="mail-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # a server that root starts reads mail as somebody else
        for one in (ca_file, ca_file.with_name("key.pem")):
            shutil.copy(one, folder / one.name)
        with _running(MailServer(folder, steady.free_port(), steady.free_port())) as found:
            yield found


@contextlib.contextmanager
def _running(found: MailServer) -> Iterator[MailServer]:
    folder = found.folder
    root = os.getuid() == 0
    reader = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.getuid())
    for name in ("run", "state", "mail"):
        (folder / name).mkdir()
    if root:
        os.chown(folder / "mail", reader.pw_uid, reader.pw_gid)
    said = _CONFIG.format(
        folder=folder,
        uid=reader.pw_uid,
        gid=reader.pw_gid,
        login="dovenull" if root else reader.pw_name,
        internal="dovecot" if root else reader.pw_name,
        group="dovecot" if root else grp.getgrgid(reader.pw_gid).gr_name,
        tls=found.tls,
        starttls=found.starttls,
    )
    (folder / "conf").write_text(said)
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}:{reader.pw_uid}:{reader.pw_gid}::{folder}::\n")
    process = subprocess.Popen(
        ["dovecot", "-F", "-c", str(folder / "conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        steady.until(
            lambda: _answers(found), lambda: (folder / "log").read_text() if (folder / "log").exists() else ""
        )
        yield found
    finally:
        process.terminate()
        process.wait(steady.PATIENCE)


def _answers(server: MailServer) -> bool:
    try:
        server.client().logout()
    except (OSError, imaplib.IMAP4.error):
        return False
    return True
