"""AWS Signature Version 2, which old S3 clients and stores that are not Amazon's still speak.

"Signing and authenticating REST requests" of S3 (header and query), and "Signature Version 2 signing process" of the
query API. What stands before the bucket in the path, and whether the bucket is in the host's name, a client knows and
a request does not tell: each way is tried.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from canaries.crypto.hmac_states import Hash
from canaries.crypto.verifiers import aws2_signature
from listener.http.message import ParsedMessage, parse
from listener.proofs.given import GivenProof, Raw
from listener.proofs.request_parts import (
    compared,
    from_base64,
    header,
    headers_of,
    observed_pairs,
    pairs,
    ways_to_try,
)

_NAME = "AWS signature version 2"
_MOST_PREFIXES = 5
_KEY, _SIGNATURE, _EXPIRES = "AWSAccessKeyId", "Signature", "Expires"
_HASHES: dict[str, Hash] = {"HmacSHA1": "sha1", "HmacSHA256": "sha256"}
_SUBRESOURCES = frozenset(
    "accelerate acl analytics cors defaultObjectAcl delete inventory lifecycle location logging metrics notification "
    "object-lock partNumber policy replication requestPayment restore select select-type storageClass tagging torrent "
    "uploadId uploads versionId versioning versions website response-cache-control response-content-disposition "
    "response-content-encoding response-content-language response-content-type response-expires".split()
)


def sigv2(seen: Mapping[str, Any], raw: Raw) -> GivenProof | None:
    """An AWS signature of version 2, of a request whose bytes are there. Raises LookupError, TypeError, ValueError."""
    by_header = any(one.get("scheme") == "aws" for one in seen.get("credentials", ()))
    said = {**observed_pairs(seen, "form"), **observed_pairs(seen, "query")}
    if not by_header and not {_KEY, _SIGNATURE} <= said.keys():
        return None
    sent = raw()
    if sent is None:
        return None
    message = parse(sent)
    if by_header:
        _, _, signature = message.fields["authorization"].rpartition(":")
        return _proof(signature, _storage_ways(message, _date(message)), "sha1")
    if said.get("SignatureVersion") == "2":
        return _proof(
            said[_SIGNATURE], _query_ways(message), _HASHES[said.get("SignatureMethod", "HmacSHA1")]
        )
    return _proof(said[_SIGNATURE], _storage_ways(message, said[_EXPIRES]), "sha1")


def _proof(signature: str, ways: Iterable[str], name: Hash) -> GivenProof | None:
    """``ways``: strings that may be the one that was signed, the usual one first."""
    listed = ways_to_try(ways)
    wanted = from_base64(signature)
    if not listed or not wanted:
        return None

    by = compared(listed, wanted)

    def made_by(secret: str) -> bool:
        return bool(by(lambda way: hmac.digest(secret.encode(), way, name)))

    def known_by(held: Mapping[str, str]) -> bool | None:
        return by(lambda way: aws2_signature(held, way, name))

    return GivenProof(_NAME, listed[0].decode("utf-8", "replace"), signature, made_by, known_by=known_by)


def _date(message: ParsedMessage) -> str:
    """Empty where the client has a header of its own for it, which is signed too."""
    return "" if "x-amz-date" in message.fields else header(message, "date")


def _storage_ways(message: ParsedMessage, date: str) -> Iterable[str]:
    query = pairs(message.query)
    own = {name.lower(): value for name, value in query if name.lower().startswith("x-amz-")}
    amazon = sorted((headers_of(message, "x-amz-") | own).items())
    begin = "\n".join(
        (
            message.method,
            header(message, "content-md5"),
            header(message, "content-type"),
            date,
            *(f"{name}:{value}" for name, value in amazon),
            "",
        )
    )
    named = [part.partition("=") for part in message.query.split("&")]
    kept = sorted((name, mark, value) for name, mark, value in named if name in _SUBRESOURCES)
    told = dict(query)
    end = "&".join(name + mark + told.get(name, value) for name, mark, value in kept)
    for resource in _resources(message):
        yield begin + resource + (f"?{end}" if end else "")


def _resources(message: ParsedMessage) -> Iterable[str]:
    """The path with its bucket: as it is, without what the endpoint is below, with the bucket of the host's name. Of a
    bucket alone some clients sign a slash at its end that they do not send."""
    path, host = message.path or "/", header(message, "host").partition(":")[0]
    ways, rest = [path], path
    while "/" in rest[1:] and len(ways) < _MOST_PREFIXES:
        rest = rest[rest.index("/", 1) :]
        ways.append(rest)
    ways += [f"/{host.partition('.')[0]}{path}", f"/{host}{path}"]
    for way in ways:
        yield way
        if not way.endswith("/"):
            yield f"{way}/"


def _query_ways(message: ParsedMessage) -> Iterable[str]:
    said = pairs(message.query, form=True)
    if message.method == "POST":
        said += pairs(message.body.decode("latin-1"), form=True)
    signed = sorted(pair for pair in said if pair[0] != _SIGNATURE)
    query = "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in signed)
    host = header(message, "host").lower()
    for name in (host, host.partition(":")[0]):
        yield f"{message.method}\n{name}\n{message.path or '/'}\n{query}"
