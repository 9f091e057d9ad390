"""An s3cmd configuration for an object store that is a trap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from canaries.core.model import Bait, BaitFile, Token
from canaries.core.render import render
from canaries.crypto.seeded_random import BASE32, BASE62
from canaries.kinds import Kind, Order


@dataclass(frozen=True, slots=True)
class S3cmdOptions:
    """What ``--set`` may set."""

    verify: bool = False
    """Whether s3cmd insists on a certificate it trusts; without, it accepts the installation's own and always calls."""


class S3cmd(Kind):
    name: ClassVar[str] = "s3cmd"
    service: ClassVar[str] = "s3"
    title: ClassVar[str] = "An s3cmd configuration for an object store that is a trap"
    fired_by: ClassVar[str] = (
        "s3cmd: every command signs with the key id (SigV4), so the key id arrives and the secret never does. The "
        "file also tells any other S3 client where to go. s3cmd sends no User-Agent."
    )
    plant_hint: ClassVar[str] = "As ~/.s3cfg of a backup user, or in a backup of /root."
    try_hint: ClassVar[str] = (
        "s3cmd --access_key={access_key_id} --secret_key={secret} --host={address} --host-bucket={address} "
        "{transport} ls"
    )
    Options: ClassVar[type[Any]] = S3cmdOptions

    def mint(self, order: Order, options: S3cmdOptions) -> Bait:
        stream, site = order.stream, order.site()
        # What an in-house store (Ceph, MinIO) hands out: no account number inside, as Amazon's have.
        key_id, secret = stream.text("key id", BASE32, 20), stream.text("secret", BASE62, 40)
        secure = site.url.startswith("https:")
        text = render(
            "kinds/s3cmd.j2",
            key_id=key_id,
            secret=secret,
            address=site.address,
            secure=secure,
            verify=options.verify,
        )
        row = {
            "access_key_id": key_id,
            "secret_access_key": secret,
            "address": site.address,
            "transport": "--ssl --no-check-certificate" if secure else "--no-ssl",
            "url": site.url,
            "host": site.host,
        }
        tokens = (Token("secret", secret), Token("access_key_id", key_id), *site.tokens)
        return Bait(tokens, text, (BaitFile(".s3cfg", text.encode()),), row, stem="s3")
