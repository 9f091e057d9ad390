"""Every way in which a client shows a secret to a trap, or proves it: bytes that lead to what the trap notes.

``python -m tests.listener.proofs.showings`` prints the table: trap, way, what a hit says of it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from canaries.core import plugins
from canaries.core.model import Token
from canaries.crypto import vnc_des
from canaries.crypto.verifiers import verifiers
from listener.evidence.sighting import Sighting
from listener.protocol import bson
from listener.protocol.conversation import Conversation, Record, Send
from listener.protocol.identity import Identity
from listener.protocol.octets import Octets
from listener.traps import FOLDER, Trap
from tests.beside.messages import bind, connect, ldap, postgres, startup
from tests.listener.traps.test_amqp import HEADER, long, short, start_ok
from tests.listener.traps.test_mongodb import message
from tests.listener.traps.test_mssql import PRELOGIN, login7
from tests.listener.traps.test_mssql import packet as tds
from tests.listener.traps.test_mysql import login as mysql_login
from tests.listener.traps.test_mysql import packet as mysql_packet

TRAPS = plugins.classes(FOLDER, Trap)  # type: ignore[type-abstract]
USER, SECRET, WRONG = "ann", "kQ3v9sLr2Xw8Tn5Bz7Yc", "not-the-secret-at-all"
KEY = b"s" * 32
_WITHOUT_TLS = ("imap", "pop3", "smtp")


class Dialogue:
    """One connection to the trap of a name, and what was noted on it."""

    def __init__(self, trap: str, number: int = 1) -> None:
        made: Any = TRAPS[trap]
        given = {"settings": made.Settings(starttls=False)} if trap in _WITHOUT_TLS else {}
        self.conversation: Conversation = made.conversation(Identity(KEY), number, **given)
        self.notes: list[dict[str, Any]] = []
        self.heard = b""
        self._take(self.conversation.greet())

    def say(self, *said: bytes) -> bytes:
        """What is answered to the last of these messages."""
        for data in said:
            before = len(self.heard)
            self._take(self.conversation.feed(data))
        return self.heard[before:]

    def _take(self, steps: Any) -> None:
        for step in steps:
            if isinstance(step, Send):
                self.heard += step.data
            elif isinstance(step, Record):
                self.notes.append({"request": step.what, **step.shown})


Way = Callable[[Dialogue, Dialogue, str], None]
"""Logs in on the first connection with a secret; a challenge that is answered is that of the second."""


def spoken(form: str) -> Way:
    """Lines with ``{user}``, ``{secret}`` and in base64 ``{plain}``, ``{user64}``, ``{secret64}``."""

    def way(mine: Dialogue, asked: Dialogue, secret: str) -> None:
        plain = base64.b64encode(f"\0{USER}\0{secret}".encode()).decode()
        user64, secret64 = (base64.b64encode(one.encode()).decode() for one in (USER, secret))
        words = {"user": USER, "secret": secret, "plain": plain, "user64": user64, "secret64": secret64}
        for line in form.split("|"):
            mine.say((line % words).encode() + b"\r\n")

    return way


def said(make: Callable[[str], list[bytes]]) -> Way:
    """Messages that a secret makes."""

    def way(mine: Dialogue, asked: Dialogue, secret: str) -> None:
        mine.say(*make(secret))

    return way


def mysql_proof(plugin: str) -> Way:
    def way(mine: Dialogue, asked: Dialogue, secret: str) -> None:
        from pymysql import _auth

        greeting = asked.heard[5:].partition(b"\0")[2]
        salt = greeting[4:12] + greeting[31:43]
        make: Any = _auth.scramble_native_password if "native" in plugin else _auth.scramble_caching_sha2
        mine.say(mysql_login(plugin.encode(), make(secret.encode(), salt)))

    return way


def mysql_clear(secret: str) -> list[bytes]:
    return [mysql_login(b"caching_sha2_password", b"r" * 32), mysql_packet(3, secret.encode() + b"\0")]


def scram_proof(mechanism: str) -> Way:
    def way(mine: Dialogue, asked: Dialogue, secret: str) -> None:
        name = "sha1" if mechanism.endswith("-1") else "sha256"
        first = f"n,,n={USER},r=abc"
        start = message({"saslStart": 1, "mechanism": mechanism, "payload": first.encode(), "$db": "admin"})
        heard = {id(one): one.say(start) for one in (mine, asked)}[id(asked)]
        server = bson.decode(Octets(heard[21:]))["payload"].decode()
        fields = dict(part.split("=", 1) for part in server.split(","))
        hidden = hashlib.md5(f"{USER}:mongo:{secret}".encode()).hexdigest() if name == "sha1" else secret
        salt = base64.b64decode(fields["s"])
        salted = hashlib.pbkdf2_hmac(name, hidden.encode(), salt, int(fields["i"]))
        client = hmac.digest(salted, b"Client Key", name)
        without = f"c=biws,r={fields['r']}"
        told = f"{first[3:]},{server},{without}".encode()
        signed = hmac.digest(hashlib.new(name, client).digest(), told, name)
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(client, signed, strict=True)))
        mine.say(message({"saslContinue": 1, "payload": without.encode() + b",p=" + proof, "$db": "admin"}))

    return way


def mongodb_plain(secret: str) -> list[bytes]:
    payload = f"\0{USER}\0{secret}".encode()
    return [message({"saslStart": 1, "mechanism": "PLAIN", "payload": payload, "$db": "$external"})]


def vnc_proof(mine: Dialogue, asked: Dialogue, secret: str) -> None:
    for one in {id(mine): mine, id(asked): asked}.values():
        one.say(b"RFB 003.008\n", b"\x02")
    mine.say(vnc_des.response(vnc_des.key(secret), asked.heard[-16:]))


def nats(**given: str) -> Way:
    def make(secret: str) -> list[bytes]:
        words = {name: value.replace("SECRET", secret) for name, value in given.items()}
        return [b"CONNECT " + json.dumps(words).encode() + b"\r\n"]

    return said(make)


def amqplain(secret: str) -> bytes:
    return short("LOGIN") + b"S" + long(USER.encode()) + short("PASSWORD") + b"S" + long(secret.encode())


def ldap_plain(secret: str) -> list[bytes]:
    credentials = f"\0{USER}\0{secret}".encode()
    sasl = b"\x04\x05PLAIN\x04" + bytes([len(credentials)]) + credentials
    body = b"\x02\x01\x03\x04\0\xa3" + bytes([len(sasl)]) + sasl
    return [ldap(1, b"\x60" + bytes([len(body)]) + body)]


def clickhouse(secret: str) -> list[bytes]:
    def text(value: str) -> bytes:
        return bytes([len(value)]) + value.encode()

    return [b"\0" + text("loot") + b"\x14\x0a\xc4\xa9\x03" + text("crm") + text(USER) + text(secret)]


def mqtt(level: int) -> Way:
    return said(lambda secret: [connect(level, login=(USER.encode(), secret.encode()))])


def request(form: str) -> Callable[[str], bytes]:
    """An HTTP request with ``{secret}`` or ``{basic}``."""

    def make(secret: str) -> bytes:
        basic = base64.b64encode(f"{USER}:{secret}".encode()).decode()
        head, _, body = (form % {"secret": secret, "basic": basic}).partition("||")
        lines = [*head.split("|"), "Host: h", *([f"Content-Length: {len(body)}"] if body else [])]
        return "\r\n".join([*lines, "", body]).encode()

    return make


def aws(presigned: bool) -> Callable[[str], bytes]:
    from tests.listener.proofs.test_signed_requests import aws as signed

    return lambda secret: signed(secret, "s3", presigned=presigned)[1]


_SASL = {"AUTH PLAIN": "AUTH PLAIN %(plain)s", "AUTH LOGIN": "AUTH LOGIN|%(user64)s|%(secret64)s"}
WAYS: dict[str, dict[str, Way]] = {
    "amqp": {
        "PLAIN": said(lambda secret: [HEADER, start_ok("PLAIN", f"\0{USER}\0{secret}".encode())]),
        "AMQPLAIN": said(lambda secret: [HEADER, start_ok("AMQPLAIN", amqplain(secret))]),
    },
    "clickhouse": {"Hello": said(clickhouse)},
    "ftp": {"USER, PASS": spoken("USER %(user)s|PASS %(secret)s")},
    "imap": {
        "LOGIN": spoken("a LOGIN %(user)s %(secret)s"),
        "AUTHENTICATE PLAIN": spoken("a AUTHENTICATE PLAIN %(plain)s"),
        "AUTHENTICATE LOGIN": spoken("a AUTHENTICATE LOGIN|%(user64)s|%(secret64)s"),
    },
    "ldap": {
        "simple": said(lambda secret: [ldap(1, bind(USER.encode(), secret.encode()))]),
        "SASL PLAIN": said(ldap_plain),
    },
    "mongodb": {
        "PLAIN": said(mongodb_plain),
        "SCRAM-SHA-1": scram_proof("SCRAM-SHA-1"),
        "SCRAM-SHA-256": scram_proof("SCRAM-SHA-256"),
    },
    "mqtt": {"CONNECT 3.1.1": mqtt(4), "CONNECT 5": mqtt(5)},
    "mssql": {"LOGIN7": said(lambda secret: [tds(18, PRELOGIN), login7(password=secret)])},
    "mysql": {
        "mysql_native_password": mysql_proof("mysql_native_password"),
        "caching_sha2_password": mysql_proof("caching_sha2_password"),
        "full authentication": said(mysql_clear),
        "mysql_clear_password": said(
            lambda secret: [mysql_login(b"mysql_clear_password", secret.encode() + b"\0")]
        ),
    },
    "nats": {"user": nats(user=USER, **{"pass": "SECRET"}), "token": nats(auth_token="SECRET")},
    "pop3": {
        "USER, PASS": spoken("USER %(user)s|PASS %(secret)s"),
        **{way: spoken(form) for way, form in _SASL.items()},
    },
    "postgres": {
        "password": said(lambda secret: [startup("user", USER), postgres(b"p", secret.encode() + b"\0")])
    },
    "redis": {
        "AUTH": spoken("AUTH %(secret)s"),
        "AUTH user": spoken("AUTH %(user)s %(secret)s"),
        "HELLO": spoken("HELLO 3 AUTH %(user)s %(secret)s"),
    },
    "smtp": {way: spoken(f"EHLO h|{form}") for way, form in _SASL.items()},
    "vnc": {"VNC Authentication": vnc_proof},
}
"""Trap to way. HTTP is below; SSH is in tests/listener/traps/test_ssh.py, on sockets."""
CHALLENGED = {("mysql", way) for way in ("mysql_native_password", "caching_sha2_password")} | {
    ("mongodb", "SCRAM-SHA-1"),
    ("mongodb", "SCRAM-SHA-256"),
    ("vnc", "VNC Authentication"),
}
"""Where the trap's challenge is answered; all else shows the secret itself."""
REQUESTS: dict[str, Callable[[str], bytes]] = {
    "Basic": request("GET / HTTP/1.1|Authorization: Basic %(basic)s"),
    "Bearer": request("GET / HTTP/1.1|Authorization: Bearer %(secret)s"),
    "a header": request("GET / HTTP/1.1|X-Vault-Token: %(secret)s"),
    "a query": request("GET /?password=%(secret)s HTTP/1.1"),
    "a form": request(
        "POST / HTTP/1.1|Content-Type: application/x-www-form-urlencoded||client_secret=%(secret)s"
    ),
    "JSON": request('POST / HTTP/1.1|Content-Type: application/json||{"password":"%(secret)s"}'),
    "AWS, header": aws(False),
    "AWS, presigned": aws(True),
}
WITHOUT = {
    "dns": "a name is asked for; nobody logs in",
    "openvpn": "no secret: what is read was authenticated under the key of the profile",
    "wireguard": "what is read was encrypted with the private key: every hit is right",
    "ssh": "tests/listener/traps/test_ssh.py, on sockets: passwords and keys",
    "http": "`REQUESTS`; no trap sends a Digest, NTLM or Negotiate challenge, so nobody can answer one",
}
"""Traps that are not in `WAYS`, and why. CRAM-MD5, DIGEST-MD5, APOP and NTLM are in no list of mechanisms: no trap
sends their challenge."""


def held(trap: str, secret: str = SECRET) -> dict[str, str]:
    """What minting keeps of a canary that leads to ``trap``."""
    tokens = [Token("password", secret)]
    if trap == "http":
        tokens.append(Token("access_key_id", "AKIAQQQQQQQQQQQQQQQQ"))
    return verifiers(tokens, [trap], user=USER, front_key=KEY)


def shown(trap: str, way: str, secret: str, *, replayed: bool = False) -> dict[str, Any]:
    """What the trap notes of a login that way; ``replayed``: the answer to another connection's challenge."""
    mine = Dialogue(trap)
    WAYS[trap][way](mine, Dialogue(trap, 2) if replayed else mine, secret)
    return next(note for note in reversed(mine.notes) if note["request"].startswith("login"))


def sighting(trap: str, raw: bytes = b"", notes: dict[str, Any] | None = None) -> Sighting:
    ends = (("127.0.0.1", 1), ("127.0.0.1", 2))
    shown, size = notes or {}, len(raw)
    return Sighting("0" * 32, trap, 0, ends[0], ends[1], "tcp", raw, size, "f", 1, 1, {}, notes=shown)


def main() -> None:
    """Print the table."""
    for trap in sorted({*WAYS, *WITHOUT}):
        print(f"{trap}: {WITHOUT.get(trap, '')}")
        for way in [*WAYS.get(trap, ()), *(REQUESTS if trap == "http" else ())]:
            print(f"    {way:24} {'proof' if (trap, way) in CHALLENGED or 'AWS' in way else 'in clear'}")


if __name__ == "__main__":
    main()
