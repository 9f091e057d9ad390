"""An AWS access key whose profile points at a trap."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from canaries.content.checksums import aws_key_id, fresh_aws_account
from canaries.core.model import Bait, BaitFile, Token, Value
from canaries.crypto.seeded_random import BASE62, SeededRandom
from canaries.kinds import Kind, Order

_SECRET_ALPHABET = BASE62 + "/+"
_LEAST_ENTROPY = 4.25
"""Bits a character: TruffleHog takes less for no secret (pkg/detectors/aws)."""
_REGIONS = (
    "us-east-1",
    "us-east-2",
    "us-west-2",
    "eu-west-1",
    "eu-central-1",
    "ap-southeast-2",
    "ca-central-1",
)


@dataclass(frozen=True, slots=True)
class AwsKeyOptions:
    """What ``--set`` may set."""

    form: Literal["profile", "credentials", "env"] = "profile"
    """``profile``: both files of ~/.aws; ``credentials``: the one with the keys; ``env``: variables for a .env."""
    profile: str = "default"
    """Of the profile in both files."""
    region: str = ""
    """Empty: one of the usual ones."""
    ca: bool = False
    """Whether the profile brings this installation's own CA (``ca_bundle``), for traps without a public certificate."""

    def __post_init__(self) -> None:
        for name in (self.profile, self.region or "-"):
            if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
                raise ValueError(f"{name!r} may have letters, digits, - and _ only")
        if self.ca and self.form == "env":
            raise ValueError("variables cannot bring a CA: choose another form")


class AwsKey(Kind):
    name: ClassVar[str] = "aws-key"
    service: ClassVar[str] = "s3"
    title: ClassVar[str] = "An AWS access key with a profile that sends it to a trap"
    fired_by: ClassVar[str] = (
        "aws CLI v2 >= 2.13 and v1 >= 1.29, boto3 >= 1.28, AWS SDK for JavaScript v3: they honour endpoint_url. SigV4 "
        "brings the key id and a signature, never the secret. Silent: older clients, and scanners that take the bare "
        "key to the real AWS."
    )
    plant_hint: ClassVar[str] = "In a home folder (~/.aws), a backup of one, or a CI runner's image."
    try_hint: ClassVar[str] = (
        "AWS_ACCESS_KEY_ID={access_key_id} AWS_SECRET_ACCESS_KEY='{secret}' AWS_ENDPOINT_URL={url} "
        "AWS_DEFAULT_REGION={region} aws sts get-caller-identity"
    )
    Options: ClassVar[type[Any]] = AwsKeyOptions

    def mint(self, order: Order, options: AwsKeyOptions) -> Bait:
        stream, site = order.stream, order.site()
        key_id = aws_key_id(fresh_aws_account(stream), stream.draw_bytes("key id", 5))
        secret = _secret(stream)
        region = options.region or stream.pick("region", _REGIONS)
        text, files = _written(options, order.ca_pem, key_id, secret, region, site.url)
        return Bait(
            # The key id holds 79 random bits, all that Amazon's format has room for.
            (Token("secret", secret), Token("access_key_id", key_id), *site.tokens),
            text=text,
            files=files,
            values=(
                Value("AWS_ACCESS_KEY_ID", "key_id", key_id),
                Value("AWS_SECRET_ACCESS_KEY", "secret", secret),
                Value("AWS_REGION", "region", region),
                Value("AWS_ENDPOINT_URL", "url", site.url),
            ),
            row={
                "access_key_id": key_id,
                "secret_access_key": secret,
                "region": region,
                "url": site.url,
                "host": site.host,
            },
        )


def _written(
    options: AwsKeyOptions, ca_pem: str, key_id: str, secret: str, region: str, url: str
) -> tuple[str, tuple[BaitFile, ...]]:
    """The snippet to paste, and the files."""
    if options.form == "env":
        lines = (
            f"AWS_ACCESS_KEY_ID={key_id}",
            f"AWS_SECRET_ACCESS_KEY={secret}",
            f"AWS_DEFAULT_REGION={region}",
            f"AWS_ENDPOINT_URL={url}",
        )
        return "\n".join(lines) + "\n", ()
    own_ca = options.ca and bool(ca_pem)
    bundle = "ca_bundle = ~/.aws/ca.pem\n" if own_ca else ""
    alone = options.form == "credentials"
    # endpoint_url stands in both files: whoever takes only one of them, or pastes the text, still calls the trap.
    credentials = f"[{options.profile}]\naws_access_key_id = {key_id}\naws_secret_access_key = {secret}\n" + (
        f"region = {region}\nendpoint_url = {url}\n{bundle}" if alone else f"endpoint_url = {url}\n"
    )
    files = [BaitFile(".aws/credentials", credentials.encode())]
    if not alone:
        files.append(BaitFile(".aws/config", _config(options.profile, region, url, bundle).encode()))
    if own_ca:
        files.append(BaitFile(".aws/ca.pem", ca_pem.encode(), 0o644))
    return credentials, tuple(files)


def _config(profile: str, region: str, url: str, bundle: str) -> str:
    """Path-style buckets, as such endpoints need them: a bucket's name never comes before the label."""
    heading = profile if profile == "default" else f"profile {profile}"
    return (
        f"[{heading}]\nregion = {region}\nendpoint_url = {url}\n{bundle}s3 =\n    addressing_style = path\n"
    )


def _secret(stream: SeededRandom) -> str:
    attempt = 0
    while True:
        secret = stream.text(f"secret:{attempt}", _SECRET_ALPHABET, 40)
        if entropy(secret) >= _LEAST_ENTROPY:
            return secret
        attempt += 1


def entropy(text: str) -> float:
    """Shannon entropy of the characters, bits a character."""
    counts = [text.count(character) for character in set(text)]
    return math.log2(len(text)) - sum([count * math.log2(count) for count in counts if count > 1]) / len(text)
