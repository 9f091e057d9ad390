"""An rclone configuration with one remote that is a trap."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from canaries.core.model import Bait, BaitFile, Token
from canaries.crypto.seeded_random import BASE32, BASE62, SeededRandom
from canaries.kinds import Kind, Order, Site

_REMOTES = ("backup", "offsite", "archive", "storage", "nas", "minio", "exports", "cold")
_PROVIDERS = ("Minio", "Ceph", "Other")
_USERS = ("backup", "sync", "svc-backup", "storage", "archive", "nightly")
_DAV_PATHS = ("remote.php/dav/files/{}", "remote.php/webdav", "webdav", "dav/{}")

_OBSCURE_KEY = bytes.fromhex("9c935b48730a554d6bfd7c63c886a92bd390198eb8128afbf4de162b8b95f638")
"""Not a secret: rclone has it in its source (fs/config/obscure), so that nobody reads a password over a shoulder."""


@dataclass(frozen=True, slots=True)
class RcloneOptions:
    """What ``--set`` may set."""

    remote: Literal["s3", "webdav"] = "s3"
    """Type of the remote: ``s3`` shows its key id, ``webdav`` user and password in clear."""


class Rclone(Kind):
    name: ClassVar[str] = "rclone"
    service: ClassVar[str] = "s3"
    title: ClassVar[str] = "An rclone configuration with an S3 or WebDAV remote that is a trap"
    fired_by: ClassVar[str] = (
        "rclone: WebDAV brings user and password in clear with the first request, S3 "
        "the key id and a signature. Over https rclone wants a publicly trusted certificate: otherwise only the host "
        "name is seen (SNI)."
    )
    plant_hint: ClassVar[str] = "As ~/.config/rclone/rclone.conf of a backup user."
    try_hint: ClassVar[str] = (
        "rclone --config .config/rclone/rclone.conf lsd {remote}:\ncurl {credentials} {url}"
    )
    Options: ClassVar[type[Any]] = RcloneOptions

    def mint(self, order: Order, options: RcloneOptions) -> Bait:
        site, name = order.site(), order.stream.pick("remote", _REMOTES)
        make = _s3 if options.remote == "s3" else _webdav
        tokens, lines, row = make(order.stream, site)
        config = f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())
        # Pasted, the command makes the same remote; it also shows the password that the file only holds obscured.
        created = " ".join(
            f"{key}={row['password'] if key == 'pass' else value}"
            for key, value in lines.items()
            if key != "type"
        )
        text = f"rclone config create {name} {lines['type']} {created}\n"
        row |= {"remote": name, "host": site.host, "url": lines.get("endpoint", lines.get("url", ""))}
        return Bait(
            (*tokens, *site.tokens),
            text,
            (BaitFile(".config/rclone/rclone.conf", config.encode()),),
            row,
            stem="s3",
        )


def _s3(stream: SeededRandom, site: Site) -> tuple[tuple[Token, ...], dict[str, str], dict[str, str]]:
    key_id, secret = stream.text("key id", BASE32, 20), stream.text("secret", BASE62, 40)
    lines = {
        "type": "s3",
        "provider": stream.pick("provider", _PROVIDERS),
        "access_key_id": key_id,
        "secret_access_key": secret,
        "endpoint": site.url,
        "force_path_style": "true",
    }
    row = {
        "access_key_id": key_id,
        "secret_access_key": secret,
        "credentials": f"--aws-sigv4 aws:amz:us-east-1:s3 -u '{key_id}:{secret}'",
    }
    return (Token("secret", secret), Token("access_key_id", key_id)), lines, row


def _webdav(stream: SeededRandom, site: Site) -> tuple[tuple[Token, ...], dict[str, str], dict[str, str]]:
    user = stream.pick("user", _USERS)
    password = stream.text("password", BASE62, stream.between("length", 20, 26))
    url = f"{site.url}/{stream.pick('path', _DAV_PATHS).format(user)}/"
    lines = {
        "type": "webdav",
        "url": url,
        "vendor": "nextcloud" if "remote.php" in url else "other",
        "user": user,
        "pass": obscured(password, stream.draw_bytes("iv", 16)),
    }
    row = {
        "user": user,
        "password": password,
        "credentials": f"-X PROPFIND -u '{user}:{password}'",
    }
    return (Token("password", password),), lines, row


def obscured(password: str, iv: bytes) -> str:
    """As rclone writes passwords: AES-256 in counter mode under its public key, ``iv`` (16 bytes) in front."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    encryptor = Cipher(algorithms.AES(_OBSCURE_KEY), modes.CTR(iv)).encryptor()
    coded = iv + encryptor.update(password.encode()) + encryptor.finalize()
    return base64.urlsafe_b64encode(coded).rstrip(b"=").decode()
