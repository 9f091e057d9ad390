"""Signatures under the key of an Azure storage account: SharedKey, SharedKeyLite and shared access signatures.

learn.microsoft.com, "Authorize with Shared Key", "Create an account SAS", "Create a service SAS". Where a service or a
version signs otherwise, each way is tried.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from canaries.crypto.verifiers import azure_key, azure_signature
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

_MOST_SEGMENTS = 6
_SIGNED_HEADERS = (
    "content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
    "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range",
)  # fmt: skip
_SCOPES, _SNAPSHOTS = "2020-12-06", "2018-11-09"
"""Versions from which encryption scope, and resource and snapshot, are signed too."""
_OVERRIDES = ("rscc", "rscd", "rsce", "rscl", "rsct")
_SERVICES = ("blob", "queue", "file", "table")


def shared_key(seen: Mapping[str, Any], raw: Raw) -> GivenProof | None:
    """A request signed with the account's key. Raises LookupError, TypeError, ValueError."""
    schemes = ("sharedkey", "sharedkeylite")
    said = [one for one in seen.get("credentials", ()) if one.get("scheme") in schemes]
    sent = raw() if said else None
    if sent is None:
        return None
    message, account = parse(sent), str(said[0]["account"])
    ways = _lite(message, account) if said[0]["scheme"] == "sharedkeylite" else _full(message, account)
    return _proof("Azure shared key", str(said[0]["signature"]), ways, account)


def shared_access(seen: Mapping[str, Any], raw: Raw) -> GivenProof | None:
    """A shared access signature of an account or of a service. One under a user's delegated key is none."""
    said = observed_pairs(seen, "query")
    if not {"sig", "sv"} <= said.keys() or "skoid" in said:
        return None
    sent = raw()
    if sent is None:
        return None
    segments = [unquote(part) for part in parse(sent).path.split("/") if part][:_MOST_SEGMENTS]
    ways = _account_ways(said, segments) if "ss" in said else _service_ways(said, segments)
    return _proof("Azure shared access signature", said["sig"], ways, "", bearer=True)


def _proof(
    how: str, signature: str, ways: Iterable[str], account: str, *, bearer: bool = False
) -> GivenProof | None:
    listed = ways_to_try(ways)
    wanted = from_base64(signature)
    if not listed or not wanted:
        return None

    by = compared(listed, wanted)

    def made_by(secret: str) -> bool:
        if bearer and secret.rstrip("=") == signature.rstrip("="):
            return True  # the bait is the signature itself
        key = azure_key(secret)
        return key is not None and bool(by(lambda way: hmac.digest(key, way, "sha256")))

    def known_by(held: Mapping[str, str]) -> bool | None:
        return by(lambda way: azure_signature(held, way))

    return GivenProof(
        how, listed[0].decode("utf-8", "replace"), signature, made_by, account, known_by, bearer
    )


def _full(message: ParsedMessage, account: str) -> Iterable[str]:
    said = {name: header(message, name) for name in _SIGNED_HEADERS}
    lengths = dict.fromkeys(
        ("" if said["content-length"] == "0" else said["content-length"], said["content-length"])
    )
    own = _own_headers(message)
    named: dict[str, list[str]] = {}
    for name, value in pairs(message.query):
        named.setdefault(name.lower(), []).append(value)
    query = "".join(f"\n{name}:{','.join(sorted(values))}" for name, values in sorted(named.items()))
    for length in lengths:
        values = said | {"content-length": length}
        head = "\n".join([message.method, *values.values(), ""])
        yield f"{head}{own}/{account}{message.path or '/'}{query}"
    yield "\n".join((message.method, *_described(message), _when(message), _plain_resource(message, account)))


def _lite(message: ParsedMessage, account: str) -> Iterable[str]:
    resource = _plain_resource(message, account)
    date = header(message, "date")
    yield "\n".join((message.method, *_described(message), date, "")) + _own_headers(message) + resource
    yield f"{_when(message)}\n{resource}"  # of tables


def _described(message: ParsedMessage) -> tuple[str, str]:
    return header(message, "content-md5"), header(message, "content-type")


def _when(message: ParsedMessage) -> str:
    """The service for tables signs the one date that there is."""
    return header(message, "x-ms-date") or header(message, "date")


def _plain_resource(message: ParsedMessage, account: str) -> str:
    component = dict(pairs(message.query)).get("comp", "")
    return f"/{account}{message.path or '/'}" + (f"?comp={component}" if component else "")


def _own_headers(message: ParsedMessage) -> str:
    return "".join(f"{name}:{value}\n" for name, value in headers_of(message, "x-ms-").items())


def _account_ways(said: Mapping[str, str], segments: list[str]) -> Iterable[str]:
    names = ["sp", "ss", "srt", "st", "se", "sip", "spr", "sv"] + (["ses"] if said["sv"] >= _SCOPES else [])
    values = [said.get(name, "") for name in names]
    for account in segments:
        yield "\n".join([account, *values, ""])


def _service_ways(said: Mapping[str, str], segments: list[str]) -> Iterable[str]:
    """A resource is the account and what is below it; which segment of the path is the account is not told."""
    version = said["sv"]
    middle = [said.get(name, "") for name in ("si", "sip", "spr", "sv")]
    if version >= _SNAPSHOTS and "sr" in said:
        middle += [said["sr"], said.get("snapshot", "")]
        middle += [said.get("ses", "")] if version >= _SCOPES else []
    kept = {"c": 2, "s": 2}.get(said.get("sr", ""), len(segments))
    ends = [middle, middle + [said.get(name, "") for name in _OVERRIDES]]
    for at in range(len(segments) - 1):
        resource = "/".join(segments[at:][:kept])
        for service in _SERVICES if "sr" not in said else _SERVICES[:1] + _SERVICES[2:3]:
            begin = [*(said.get(name, "") for name in ("sp", "st", "se")), f"/{service}/{resource}"]
            yield from ("\n".join(begin + end) for end in (ends[1:] if "sr" in said else ends))
