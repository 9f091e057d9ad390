"""A time-stamp authority on loopback: ``openssl ts -reply`` behind a web server, honest or not."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from canaries.core.clock import Clock
from canaries.installation.home import Home

_CONFIG = """
[tsa]
default_tsa = local
[local]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.4146.2.3
digests = sha256
ess_cert_id_alg = sha256
ess_cert_id_chain = no
tsa_name = no
ordering = no
accuracy = secs:1
"""
_CONTENT = "1.2.840.113549.1.9.16.1.4"
"""id-ct-TSTInfo (RFC 3161, 2.4.2)."""


class TimeAuthority:
    """Answers at `url`; what it does is set by its attributes between questions."""

    def __init__(self, folder: Path, *, days: int = 3650) -> None:
        self.folder = folder
        self.chain = False
        """The whole chain goes out, in another order than DER demands."""
        self.lie = timedelta(0)
        """By how much its time is wrong."""
        self.down = False
        """It answers HTTP 500, with a page."""
        self.replay = b""
        """What it answers in any case."""
        self.questions = 0
        self.last = b""
        """Its last answer."""
        self.url = ""
        folder.mkdir()
        _certificates(folder, days)
        (folder / "serial").write_text("01")
        (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))

    @property
    def roots(self) -> Path:
        return self.folder / "root.pem"

    def toml(self, name: str = "local", more: str = "") -> str:
        """As a section of ``trapline.toml``."""
        return (
            f'[stamps.{name}]\nurl = "{self.url}"\nca_file = "{self.roots}"\nallow = ["127.0.0.1"]\n{more}\n'
        )

    def answer(self, question: bytes) -> bytes:
        """TimeStampResp, DER."""
        self.questions += 1
        asked, reply = self.folder / "asked", self.folder / "reply"
        asked.write_bytes(question)
        chain = ["-chain", str(self.roots)] if self.chain else []
        config = ["-config", str(self.folder / "tsa.cnf")]
        _run("ts", "-reply", "-queryfile", str(asked), *config, "-out", str(reply), *chain)
        self.last = self._lied(reply) if self.lie else reply.read_bytes()
        return self.last

    def _lied(self, reply: Path) -> bytes:
        """The same with another time, signed anew."""
        token, content = self.folder / "token", self.folder / "content"
        _run("ts", "-reply", "-in", str(reply), "-token_out", "-out", str(token))
        _run("cms", "-verify", "-noverify", "-inform", "DER", "-in", str(token), "-out", str(content))
        told = content.read_bytes()
        place = told.index(b"\x18\x0f") + 2  # GeneralizedTime of 15 characters
        true = datetime.strptime(told[place : place + 14].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        content.write_bytes(told[:place] + f"{true + self.lie:%Y%m%d%H%M%S}".encode() + told[place + 14 :])
        signer = ["-signer", str(self.folder / "signer.pem"), "-inkey", str(self.folder / "signer.key")]
        made = ["-outform", "DER", "-out", str(token), "-econtent_type", _CONTENT, "-md", "sha256", "-cades"]
        _run("cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-in", str(content), *signer, *made)
        status = bytes.fromhex("3003020100")  # granted
        body = status + token.read_bytes()
        return b"\x30\x82" + len(body).to_bytes(2, "big") + body


def _run(*arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def _certificates(folder: Path, days: int) -> None:
    now = datetime.now(UTC)
    root_key, signer_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"R {folder.name[:8]}")])
    # longer than the root, and openssl puts it first: with the chain in it the order is not that of DER
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A time-stamp authority with a long name")])
    for subject, key, file, end in (
        (root_name, root_key, "root", now + timedelta(days=7300)),
        (name, signer_key, "signer", now + timedelta(days=days)),
    ):
        builder = (
            x509.CertificateBuilder(issuer_name=root_name, subject_name=subject, public_key=key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=30))
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(file == "root", None), critical=True)
        )
        if file == "signer":
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(usage, critical=True)
        made = builder.sign(root_key, hashes.SHA256())
        (folder / f"{file}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = signer_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "signer.key").write_bytes(private)


@contextlib.contextmanager
def serving(authority: TimeAuthority) -> Iterator[TimeAuthority]:
    """The authority behind a port that the kernel chooses."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            content = authority.replay or (b"<h1>down</h1>" if authority.down else authority.answer(question))
            self.send_response(500 if authority.down else 200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    authority.url = f"http://127.0.0.1:{server.server_address[1]}/tsr"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def with_authorities(home: Home, *sections: str, clock: Clock | None = None) -> Home:
    """The same installation with these sections in its settings."""
    path = home.path / "trapline.toml"
    path.write_text(path.read_text() + "".join(sections))
    return Home.open(home.path, clock)
