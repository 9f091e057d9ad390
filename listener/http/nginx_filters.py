"""What nginx's filters make of an answer: conditions, ranges, compression, and padding of its own error pages.

They run on every HTML page that leaves the host, as with the settings of Debian's package: ``gzip on``, the rest by
default. What asks for none of it costs a look at few headers.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from functools import lru_cache

from listener.personas import Answer
from listener.protocol.host_character import HostCharacter

_HTML = "text/html"
_CONDITIONS = frozenset(
    (b"if-modified-since", b"if-unmodified-since", b"if-match", b"if-none-match", b"range")
)
_PADDING = b"<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n" * 6
"""``msie_padding`` (ngx_http_special_response.c)."""
_GZIP = re.compile(
    rb"(?:\A|[, ])gzip *(?:\Z|,|; *(?:\Z|[qQ]=(?:1(?:\.0{0,3})?|0\.(?!0*(?:[, ]|\Z))[0-9]{1,3})(?:[, ]|\Z)))",
    re.I,
)
"""What ngx_http_gzip_accept_encoding takes."""
_COMPRESSED, _SHORTEST = (200, 403, 404), 20
"""Statuses and bytes (``gzip_min_length``)."""
_RANGE = re.compile(rb" *(?:([0-9]+) *- *([0-9]*)|-([0-9]+)) *(,|\Z)")
_LARGEST = (1 << 63) - 1
_boundaries = itertools.count(1)
"""Of answers in parts: one more each time, from the start of the server on (ngx_next_temp_number)."""


def filtered(
    answer: Answer, method: str, version: str, fields: Mapping[bytes, bytes], host: HostCharacter
) -> Answer:
    """``answer`` as it leaves the host; ``fields``: the request's headers by lower-case name."""
    headers = answer.headers
    if not headers or not headers[0][1].startswith(_HTML) or version == "0.9":
        return answer
    zips = b"accept-encoding" in fields and _takes_gzip(version, fields)
    if answer.status == 200 and not fields.keys().isdisjoint(_CONDITIONS):
        answer = _conditioned(answer, fields, host, ranges=not zips)
    agent = fields.get(b"user-agent")
    if answer.status >= 400 and agent and _is_padded(agent) and answer.body.endswith(host.closing):
        answer = replace(answer, body=answer.body + _PADDING)
    if zips and answer.status in _COMPRESSED and len(answer.body) >= _SHORTEST:
        return _compressed(answer, chunked=version == "1.1" and method != "HEAD")
    return answer


@lru_cache(256)
def _is_padded(agent: bytes) -> bool:
    """Whether nginx takes the client for Internet Explorer or Chrome (ngx_http_process_user_agent)."""
    opera, msie = b"Opera" in agent, agent.find(b"MSIE ")
    if not opera and 0 <= msie < len(agent) - 7:
        return True
    return not opera and b"Gecko/" not in agent and b"Chrome/" in agent


def _takes_gzip(version: str, fields: Mapping[bytes, bytes]) -> bool:
    return version != "1.0" and _names_gzip(fields[b"accept-encoding"]) and b"via" not in fields


@lru_cache(256)
def _names_gzip(accepted: bytes) -> bool:
    return _GZIP.search(accepted) is not None


def _compressed(answer: Answer, *, chunked: bool) -> Answer:
    headers = _coded(answer.headers, chunked)
    return Answer(answer.status, headers, _zipped(answer.body), answer.name)


@lru_cache(64)
def _coded(headers: tuple[tuple[str, str], ...], chunked: bool) -> tuple[tuple[str, str], ...]:
    kept = [
        (name, f"W/{value}" if name == "ETag" else value)
        for name, value in headers
        if name != "Accept-Ranges"
    ]
    if chunked:
        kept.append(("Transfer-Encoding", "chunked"))
    return (*kept, ("Content-Encoding", "gzip"))


@lru_cache(64)
def _zipped(body: bytes) -> bytes:
    """At level 1, with a window as small as the body allows (ngx_http_gzip_filter_memory)."""
    window, memory = 15, 8
    while len(body) < (1 << window - 1) - 262:
        window, memory = window - 1, memory - 1
    packer = zlib.compressobj(1, zlib.DEFLATED, window + 16, max(memory, 1))
    return packer.compress(body) + packer.flush()


def _conditioned(
    answer: Answer, fields: Mapping[bytes, bytes], host: HostCharacter, *, ranges: bool
) -> Answer:
    known = dict(answer.headers)
    modified, etag = _time(known.get("Last-Modified", "").encode()), known.get("ETag", "").encode()
    before, since = fields.get(b"if-unmodified-since"), fields.get(b"if-modified-since")
    tags, others = fields.get(b"if-match"), fields.get(b"if-none-match")
    if before is not None and (modified is None or (_time(before) or -1) < modified):
        return _failed(answer, 412, host)
    if tags is not None and not _matches(tags, etag, weak=False):
        return _failed(answer, 412, host)
    if since is not None or others is not None:
        changed = since is not None and (modified is None or _time(since) != modified)
        if not changed and (others is None or _matches(others, etag, weak=True)):
            kept = tuple(header for header in answer.headers if header[0] in ("Last-Modified", "ETag"))
            return replace(answer, status=304, headers=kept, body=b"")
    wanted = ranges and "Accept-Ranges" in known and b"range" in fields
    if wanted and _is_same(fields.get(b"if-range"), etag, modified):
        return _partial(answer, fields[b"range"], host)
    return answer


def _failed(answer: Answer, status: int, host: HostCharacter, *more: tuple[str, str]) -> Answer:
    return replace(
        answer, status=status, headers=(("Content-Type", _HTML), *more), body=host.error_page(status)
    )


def _time(date: bytes) -> int | None:
    try:
        return int(parsedate_to_datetime(date.decode("latin-1")).timestamp())
    except (ValueError, OverflowError):
        return None


def _matches(listed: bytes, etag: bytes, *, weak: bool) -> bool:
    """ngx_http_test_if_match."""
    if listed == b"*":
        return True
    tags = [tag.strip(b" \t") for tag in listed.split(b",")]
    return bool(etag) and etag in ([tag.removeprefix(b"W/") for tag in tags] if weak else tags)


def _is_same(condition: bytes | None, etag: bytes, modified: int | None) -> bool:
    """``If-Range``."""
    if condition is None:
        return True
    if len(condition) >= 2 and condition.endswith(b'"'):
        return condition == etag
    return modified is not None and _time(condition) == modified


def _partial(answer: Answer, asked: bytes, host: HostCharacter) -> Answer:
    body, whole = answer.body, len(answer.body)
    if len(asked) < 7 or asked[:6].lower() != b"bytes=":
        return answer
    found = _ranges(asked[6:], whole)
    if found is None:
        return answer
    if not found:
        return _failed(answer, 416, host, ("Content-Range", f"bytes */{whole}"))
    kept = [header for header in answer.headers if header[0] != "Accept-Ranges"]
    if len(found) == 1:
        begin, end = found[0]
        kept.append(("Content-Range", f"bytes {begin}-{end - 1}/{whole}"))
        return replace(answer, status=206, headers=tuple(kept), body=body[begin:end])
    boundary = f"{next(_boundaries):020d}"
    parts = bytearray()
    for begin, end in found:
        parts += f"\r\n--{boundary}\r\nContent-Type: {_HTML}\r\n".encode()
        parts += f"Content-Range: bytes {begin}-{end - 1}/{whole}\r\n\r\n".encode() + body[begin:end]
    parts += f"\r\n--{boundary}--\r\n".encode()
    kept[0] = ("Content-Type", f"multipart/byteranges; boundary={boundary}")
    return replace(answer, status=206, headers=tuple(kept), body=bytes(parts))


def _ranges(said: bytes, whole: int) -> list[tuple[int, int]] | None:
    """What is asked for; empty where it is not there, None where all of it is sent (ngx_http_range_parse)."""
    found: list[tuple[int, int]] = []
    at, more = 0, True
    while more:
        match = _RANGE.match(said, at)
        if match is None or any(number and int(number[:20]) > _LARGEST for number in match.groups()[:3]):
            return []
        at, more = match.end(), match[4] == b","
        if match[3]:
            begin, end = max(0, whole - int(match[3])), whole
        else:
            begin, end = int(match[1]), min(whole, int(match[2]) + 1) if match[2] else whole
        if begin < end:
            found.append((begin, end))
        elif begin == 0:
            return None
    return None if sum(end - begin for begin, end in found) > whole else found
