"""An OpenVPN profile with everything inline, whose tls-crypt-v2 key says whose it is."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import ClassVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from canaries.core.clock import parse_rfc3339
from canaries.core.model import Bait, BaitFile, Token
from canaries.core.render import render
from canaries.crypto.seeded_random import SeededRandom
from canaries.kinds import Kind, NoOptions, Order
from canaries.protocols.openvpn import CLIENT_KEY_BYTES, client_pem

_CA_NAMES = ("VPN CA", "Easy-RSA CA", "OpenVPN CA", "Remote Access CA", "IT VPN Root", "vpn-ca")
_IDS = ("UV_ASSET_TAG", "UV_DEVICE_ID", "UV_CLIENT_ID", "UV_PROFILE_ID", "UV_HOST_ID", "UV_INVENTORY")
"""Variables that a client reports with ``push-peer-info``: inventories of devices are kept so."""
_CLIENTS = ("laptop", "notebook", "client", "office", "remote", "admin", "site")


class Openvpn(Kind):
    name: ClassVar[str] = "openvpn"
    traps: ClassVar[tuple[str, ...]] = ("openvpn",)
    title: ClassVar[str] = "An OpenVPN profile, .ovpn with keys inline"
    fired_by: ClassVar[str] = (
        "openvpn 2.5 and later, OpenVPN Connect and every client that knows tls-crypt-v2: the first packet, over UDP "
        "or TCP, tells which profile it is, from where, and the client's clock. Before it, the look-up of the host, "
        "where that has a label of its own. The server never answers. Silent: older clients, which refuse it; and "
        "without an OpenVPN trap that is reached on that port. Profiles with tls-auth or plain tls-crypt are not "
        "made: to tell them apart the trap would have to hold every bait's key."
    )
    plant_hint: ClassVar[str] = (
        "In a downloads folder, an onboarding mail, a wiki page, /etc/openvpn of a backup."
    )
    try_hint: ClassVar[str] = "openvpn --config client.ovpn  # the profile of {metadata}"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        device = str(uuid.UUID(bytes=stream.draw_bytes("device", 16), version=4))
        key = stream.draw_bytes("tls-crypt-v2", CLIENT_KEY_BYTES)
        wrapped = order.signer.wrap_openvpn_key(key, device.encode())
        ca, certificate, private = _certificates(order)
        profile = render(
            "kinds/openvpn.ovpn.j2",
            host=site.hostname,
            port=order.port(self.name, 1194),
            device=device,
            variable=stream.pick("variable", _IDS),
            digest=stream.pick("digest", ("SHA256", "SHA384", "SHA512")),
            verbosity=stream.pick("verbosity", ("1", "2", "3", "4")),
            ca=ca,
            certificate=certificate,
            key=private,
            tls_crypt=client_pem(key, wrapped),
        )
        own = tuple(token for token in site.tokens if token.facet == "host")
        row = {"host": site.hostname, "metadata": device}
        return Bait(
            (Token("metadata", device), *own), profile, (BaitFile("client.ovpn", profile.encode()),), row
        )


def _certificates(order: Order) -> tuple[str, str, str]:
    """CA, client certificate and its key, PEM. Ed25519, as easy-rsa makes on request: its signatures need no luck."""
    stream = order.stream
    ca_key, key = (
        Ed25519PrivateKey.from_private_bytes(stream.draw_bytes(name, 32)) for name in ("ca key", "client key")
    )
    made = parse_rfc3339(order.created_at).replace(microsecond=0) - timedelta(
        seconds=stream.below("age", 86_400 * 90)
    )
    ca_name = _name(stream.pick("ca", _CA_NAMES))
    number = stream.between("number", 1, 60)
    client_name = _name(f"{stream.pick('client', _CLIENTS)}{number:02d}")
    began = made - timedelta(seconds=stream.between("ca age", 86_400 * 30, 86_400 * 900))
    ca = (
        _certificate(ca_name, ca_name, ca_key, stream, "ca")
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(ca_key, None)
    )
    client = (
        _certificate(client_name, ca_name, key, stream, "client")
        .not_valid_before(made)
        .not_valid_after(made + timedelta(days=825))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(ca_key, None)
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return _pem(ca.public_bytes(Encoding.PEM)), _pem(client.public_bytes(Encoding.PEM)), _pem(private)


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: Ed25519PrivateKey, stream: SeededRandom, purpose: str
) -> x509.CertificateBuilder:
    serial = int.from_bytes(stream.draw_bytes(f"{purpose} serial", 16), "big") >> 1 | 1 << 126
    return x509.CertificateBuilder(issuer, subject, key.public_key(), serial)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(data: bytes) -> str:
    return data.decode().strip()
