"""TLS contexts by server name: configured certificates first, else one of the installation's own CA.

As a server of that CA would, it shows one certificate to everybody, with the names and addresses of bait in it,
whatever name is asked for; only a name more than one label below the catch domain gets another (a bucket's host). Its
form is that of cfssl's ``server`` profile, without the CA's own certificate.

All certificates made here share one key, and everything in them follows from the name and the installation (serial,
dates, and by RFC 6979 the signature too): a visitor who comes back, after a restart or to another front, sees the same.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import re
import ssl
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from canaries.core.clock import Clock, SystemClock
from canaries.core.errors import SettingsError
from canaries.protocols.ca import Authority

_CONTEXTS = 512
"""Most contexts kept; each is some 50 KB of OpenSSL's memory, and names are the visitors' to invent."""
_PERIOD = timedelta(days=90)
_VALID = timedelta(days=365)
_HOST = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\Z")
_COMMON_NAME_LIMIT = 64
"""ub-common-name, RFC 5280 appendix A.1."""

_PURPOSES = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
_USAGE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=True,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


class Certificates:
    """Hands out the TLS context for a server name."""

    def __init__(
        self,
        authority: Authority,
        leaf_key: bytes,
        secret: bytes,
        configured: tuple[Path, ...] = (),
        *,
        names: tuple[str, ...] = (),
        clock: Clock | None = None,
    ) -> None:
        """``leaf_key``: PEM, of all made certificates; ``secret``: the front's key; ``configured``: PEM bundles;
        ``names``: the domains and addresses that bait leads to."""
        self._names = tuple(dict.fromkeys(name.lower() for name in names if name))
        self._authority, self._leaf_pem, self._secret = authority, leaf_key, secret
        self._leaf = _public(leaf_key)
        self._clock = clock or SystemClock()
        self._made: OrderedDict[tuple[tuple[str, ...], datetime, bool, bool], ssl.SSLContext] = OrderedDict()
        self._trusted = authority.certificate.public_bytes(Encoding.PEM).decode()
        self._configured: Mapping[tuple[str, bool, bool], ssl.SSLContext] = _configured(
            configured, self._trusted
        )

    @property
    def configured(self) -> bool:
        """Whether the operator gave any: only then do clients that verify go on behind STARTTLS."""
        return bool(self._configured)

    def context(self, name: str, local: str, *, asks: bool = False, http2: bool = False) -> ssl.SSLContext:
        """The context for server name ``name``; without a usable one, for the address ``local`` that was reached.

        ``asks``: for a client certificate, which the installation's CA must have signed; it is optional. ``http2``:
        whether HTTP/2 is taken where a client offers it (ALPN, RFC 7301).
        """
        host = name.rstrip(".")
        if not _HOST.match(host):
            host = local
        known = self._configured.get((host, asks, http2)) or self._configured.get(
            ("*." + host.partition(".")[2], asks, http2)
        )
        if known is not None:
            return known
        key = (self._hosts(host, local), self._period(), asks, http2)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = _context(
                self.issue(*key[0]) + self._leaf_pem, self._trusted if asks else "", http2=http2
            )
            if len(self._made) > _CONTEXTS:
                self._made.popitem(last=False)
        else:
            self._made.move_to_end(key)
        return found

    def _hosts(self, host: str, local: str) -> tuple[str, ...]:
        """The names of the certificate for ``host``: those of all, or of its own where a wildcard does not reach it."""
        for domain in self._names:
            parent = host.partition(".")[2]
            if parent.endswith(f".{domain}"):
                return parent, f"*.{parent}"
        domains = [name for name in self._names if not _is_address(name)]
        wild = [f"*.{domain}" for domain in domains if len(domain) < _COMMON_NAME_LIMIT - 1]
        told: tuple[str, ...] = () if domains and _is_inner(local) else (local,)
        if _is_address(local) and ipaddress.ip_address(local).is_loopback:
            told = (local, "localhost")
        return tuple(dict.fromkeys((*self._names, *wild, *told)))

    def issue(self, *hosts: str) -> bytes:
        """A certificate for host names and addresses, signed by the installation's CA, PEM."""
        begins = self._period()
        said = "\0".join(hosts)
        serial = hmac.new(
            self._secret, f"serial\0{said}\0{begins.isoformat()}".encode(), hashlib.sha256
        ).digest()[:20]
        names = (
            [x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])] if len(hosts[0]) <= _COMMON_NAME_LIMIT else []
        )
        ca = self._authority
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name(names))
            .issuer_name(ca.certificate.subject)
            .public_key(self._leaf)
            .serial_number(int.from_bytes(serial, "big") >> 1)
            .not_valid_before(begins)
            .not_valid_after(begins + _VALID)
            .add_extension(_USAGE, critical=True)
            .add_extension(x509.ExtendedKeyUsage(_PURPOSES), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._leaf), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.key.public_key()), critical=False
            )
            .add_extension(
                x509.SubjectAlternativeName([_alternative(host) for host in hosts]), critical=not names
            )
            .sign(ca.key, SHA256(), ecdsa_deterministic=True)
        )
        return certificate.public_bytes(Encoding.PEM)

    def _period(self) -> datetime:
        """The beginning of the current period of 90 days, counted from the CA's own: certificates are renewed then."""
        born = self._authority.certificate.not_valid_before_utc.replace(second=0)
        return born + (self._clock.now() - born) // _PERIOD * _PERIOD


def _public(leaf_key: bytes) -> ec.EllipticCurvePublicKey:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(leaf_key, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SettingsError(
            "the traps' own TLS key is of another kind", hint="remove the front folder: it is made anew"
        )
    return key.public_key()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_inner(address: str) -> bool:
    """Whether strangers need not know of it: behind a translating router a host is reached at another one."""
    if not _is_address(address):
        return True
    found = ipaddress.ip_address(address)
    return found.is_private and not found.is_loopback


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _context(bundle: bytes, trusted: str = "", *, http2: bool) -> ssl.SSLContext:
    """A server context from chain and key, PEM. Python takes them from a file only: one in memory (memfd_create(2)).

    ``trusted``: the CA, PEM, whose clients' certificates are asked for; empty: none are.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # old programs and scanners still speak TLS 1.0: a trap has nothing to protect, and the version is evidence
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers(
        "HIGH:!aNULL:!MD5:@SECLEVEL=0"
    )  # ``ssl_ciphers`` of nginx, which says no to the next one too
    context.options |= ssl.OP_NO_RENEGOTIATION
    if trusted:
        context.load_verify_locations(cadata=trusted)
        context.verify_mode = ssl.CERT_OPTIONAL
    context.set_alpn_protocols(["h2", "http/1.1"] if http2 else ["http/1.1"])
    descriptor = os.memfd_create("certificate", os.MFD_CLOEXEC)
    try:
        os.write(descriptor, bundle)
        context.load_cert_chain(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)
    return context


def _configured(bundles: tuple[Path, ...], trusted: str) -> dict[tuple[str, bool, bool], ssl.SSLContext]:
    """Contexts of the configured certificates by each name in them, whether they ask, and whether HTTP/2 is taken.

    Raises SettingsError."""
    found: dict[tuple[str, bool, bool], ssl.SSLContext] = {}
    for path in bundles:
        try:
            bundle = path.read_bytes()
            contexts = {
                (asks, http2): _context(bundle, trusted if asks else "", http2=http2)
                for asks in (False, True)
                for http2 in (False, True)
            }
            names = _names(x509.load_pem_x509_certificate(bundle))
        except (OSError, ValueError, x509.ExtensionNotFound) as error:  # ssl.SSLError is an OSError
            raise SettingsError(
                f"listen.certificates: {path.name} is not a certificate with its key ({type(error).__name__})"
            ) from error
        for name in names:
            for (asks, http2), context in contexts.items():
                found.setdefault((name, asks, http2), context)
    return found


def _names(certificate: x509.Certificate) -> list[str]:
    extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = [str(address) for address in extension.get_values_for_type(x509.IPAddress)]
    return [name.lower() for name in extension.get_values_for_type(x509.DNSName)] + addresses
