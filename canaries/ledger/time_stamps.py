"""Time stamps of third parties (RFC 3161): what is asked for, and whether an answer is one.

`judge` believes nothing that it has not checked: status, signature, chain up to the roots that the operator trusts, the
purpose of the certificate, the stamped hash, the nonce. The strict parser goes first; authorities that write their
certificates in another order than DER demands are many, and openssl, which takes them, is asked then. Who judged stays
with the stamp. The chain is judged as of the stamp's own time (RFC 3161, 4); revocation is not looked up.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from canaries.core.clock import rfc3339

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

STRICT, OPENSSL = "rfc3161-client", "openssl"
LONGEST = 65_535
"""Bytes of an answer; real ones have two to ten thousand."""
_TIME = re.compile(r"^Time stamp: (\w{3}) +(\d+) (\d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT$", re.MULTILINE)


class StampError(ValueError):
    """An answer is no time stamp of this content by this authority; one sentence, nothing of the answer in it."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a time stamp says, once it was judged."""

    at: datetime
    """When the content existed, by the authority's clock; aware, UTC, whole seconds."""
    ends: datetime
    """Until when the authority's certificate is valid: the stamp has to be renewed before."""
    judge: str
    """Who judged it: `STRICT` or `OPENSSL`."""


@dataclass(frozen=True, slots=True)
class StampRequest:
    """A request for one content, with a nonce."""

    content: bytes
    encoded: bytes
    """TimeStampReq in DER: the content's SHA-256, a nonce, and the wish for the certificate."""
    nonce: int


def request(content: bytes) -> StampRequest:
    """A new request over ``content``."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    made = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
    return StampRequest(content, made.as_bytes(), made.nonce or 0)


def judge(reply: bytes, content: bytes, roots: bytes, asked: StampRequest | None = None) -> Stamp:
    """What a TimeStampResp (DER) says of ``content``; ``roots``: PEM, whom to trust. Raises StampError.

    With ``asked`` it also has to be the answer to that request, and no older one.
    """
    from rfc3161_client import decode_timestamp_response

    if len(reply) > LONGEST:
        raise StampError("the answer is too long for a time stamp")
    trusted = certificates(roots)
    try:
        parsed = decode_timestamp_response(reply)
    except ValueError:
        return _by_openssl(reply, content, roots, asked)
    return _strictly(parsed, content, trusted, asked)


def certificates(pem: bytes) -> list[Certificate]:
    """The certificates of a PEM file. Raises StampError where there is none, or one is malformed."""
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise StampError("the authority's certificates are no PEM file") from None


def _strictly(parsed: Any, content: bytes, trusted: list[Certificate], asked: StampRequest | None) -> Stamp:
    from cryptography import x509
    from rfc3161_client import VerificationError, VerifierBuilder

    if parsed.status != 0:
        raise StampError("the authority granted no time stamp")
    builder = VerifierBuilder(nonce=asked.nonce if asked else None, roots=trusted)
    try:
        builder.build().verify_message(parsed, content)
        inside = [x509.load_der_x509_certificate(one) for one in parsed.signed_data.certificates]
        signers = [(one.issuer, one.serial_number) for one in parsed.signed_data.signer_infos]
    except (VerificationError, ValueError) as error:
        raise StampError(f"it is no time stamp of this content by this authority ({_brief(error)})") from None
    ends = [one.not_valid_after_utc for one in inside if (one.issuer, one.serial_number) in signers]
    return Stamp(parsed.tst_info.gen_time.astimezone(UTC), min(ends), STRICT)


def _by_openssl(reply: bytes, content: bytes, roots: bytes, asked: StampRequest | None) -> Stamp:
    program = shutil.which("openssl")
    if program is None:
        raise StampError("it is no strict DER, and there is no openssl here to ask")
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: str(Path(folder, name)) for name in ("reply", "content", "roots", "asked", "token")}
        Path(paths["reply"]).write_bytes(reply)
        Path(paths["content"]).write_bytes(content)
        Path(paths["roots"]).write_bytes(roots)
        said = _run(program, "ts", "-reply", "-in", paths["reply"], "-text")
        at = _time(said)
        what = ["-data", paths["content"]]
        trust = ["-CAfile", paths["roots"], "-untrusted", paths["roots"]]
        moment = ["-attime", str(int(at.timestamp()))]
        _run(program, "ts", "-verify", *what, "-in", paths["reply"], *trust, *moment)
        if asked:  # the nonce
            Path(paths["asked"]).write_bytes(asked.encoded)
            what = ["-queryfile", paths["asked"]]
            _run(program, "ts", "-verify", *what, "-in", paths["reply"], *trust, *moment)
        _run(program, "ts", "-reply", "-in", paths["reply"], "-token_out", "-out", paths["token"])
        inside = _run(program, "pkcs7", "-inform", "DER", "-in", paths["token"], "-print_certs")
    return Stamp(at, min(_ends(certificates(inside.encode()))), OPENSSL)


def _ends(inside: list[Certificate]) -> list[datetime]:
    """Ends of the certificates that are for time stamps alone."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    found = []
    for one in inside:
        try:
            usage = one.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except x509.ExtensionNotFound:
            continue
        if list(usage) == [ExtendedKeyUsageOID.TIME_STAMPING]:
            found.append(one.not_valid_after_utc)
    if not found:
        raise StampError("the answer holds no certificate for time stamps")
    return found


def _time(text: str) -> datetime:
    found = _TIME.search(text)
    if found is None:
        raise StampError("the answer holds no time")
    month, day, hour, year = found.groups()
    return datetime.strptime(f"{year} {month} {day} {hour}", "%Y %b %d %H:%M:%S").replace(tzinfo=UTC)


def _run(program: str, *arguments: str) -> str:
    done = subprocess.run([program, *arguments], capture_output=True, timeout=20, check=False)
    if done.returncode:
        raise StampError("it is no time stamp of this content by this authority (openssl)")
    return done.stdout.decode("utf-8", "replace")


def _brief(error: Exception) -> str:
    """The library's own words; what an authority wrote does not stand in them."""
    return re.sub(r"[^ -~]", " ", str(error))[:80].strip()


def said(stamp: Stamp) -> dict[str, str]:
    """For entries, tables and lists."""
    return {"at": rfc3339(stamp.at), "ends": rfc3339(stamp.ends), "judge": stamp.judge}
