"""What a web server answers to `odd_http2.CORPUS`, frame by frame, and what nginx 1.18.0 did when it was recorded.

``transcripts/http2.json`` holds it. To make it anew, have an nginx 1.18.0 (built with ``--with-http_v2_module``) serve
its ``docs/html/index.html`` as `http_answers` says, on a port with ``http2``, then
``python -m tests.beside.http2_answers 127.0.0.1:PORT``.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import socket
import sys

from hpack.huffman_table import decode_huffman
from hpack.table import HeaderTable

from tests import steady
from tests.beside import FILES
from tests.beside.http_answers import Address
from tests.beside.odd_http2 import ACKNOWLEDGED, CORPUS, ENDING, LAST, OPENING, PREFACES, WAITING

RECORDED = FILES / "http2.json"
_KINDS = (
    "DATA",
    "HEADERS",
    "PRIORITY",
    "RST_STREAM",
    "SETTINGS",
    "PUSH_PROMISE",
    "PING",
    "GOAWAY",
    "WINDOW_UPDATE",
    "CONTINUATION",
)
_MOVING = {"date", "last-modified", "etag"}
_GREETING = 40
"""Bytes that a server says first."""
_BOUNDARY = re.compile(r"\b\d{20}\b")


def exchanged(address: Address, name: str) -> bytes:
    """Every byte that comes back until the last ping is answered, or the server ends the connection.

    It is ended by the client where a server would wait for more, and then only behind what the server says first: what
    nginx has not sent when it sees the end is lost.
    """
    with socket.create_connection(address, timeout=steady.PATIENCE) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(PREFACES.get(name, OPENING))
        said = _until(sock, b"", _GREETING if name in PREFACES else _GREETING + len(ACKNOWLEDGED))
        with contextlib.suppress(ConnectionError, OSError):
            sock.sendall(CORPUS.get(name, b"") + (b"" if name in WAITING | ENDING else LAST))
            if name in WAITING:
                sock.shutdown(socket.SHUT_WR)
        return _until(sock, said)


def _until(sock: socket.socket, said: bytes, size: int = 1 << 30) -> bytes:
    with contextlib.suppress(ConnectionError):
        while len(said) < size and LAST[9:] not in said and (data := sock.recv(65_536)):
            said += data
    return said


def shown(said: bytes) -> list[str]:
    """Each frame as text: kind, flags, stream, payload; header blocks to the byte, but for dates and validators."""
    frames, at = [], 0
    while at < len(said):
        head = said[at : at + 9]
        length, at = int.from_bytes(head[:3], "big"), at + 9
        payload, at = said[at : at + length], at + length
        kind = _KINDS[head[3]]
        text = " ".join(_fields(payload)) if kind == "HEADERS" else _payload(kind, payload)
        frames.append(f"{kind} {head[4]} {int.from_bytes(head[5:], 'big')} {text}")
    return frames


def _payload(kind: str, payload: bytes) -> str:
    if payload[:2] == b"\x1f\x8b":  # as another zlib packs it
        payload = b"gzip:" + gzip.decompress(payload)
    return _BOUNDARY.sub("{BOUNDARY}", payload.decode("latin-1")) if kind == "DATA" else payload.hex()


def _fields(block: bytes) -> list[str]:
    """First byte, name, how the value is written and the value."""
    found, at = [], 0
    while at < len(block):
        first, at = block[at], at + 1
        if first >= 0x80 or first & 0xE0 == 0x20:
            found.append(f"{first:02x}")
            continue
        index = first & (0x3F if first & 0x40 else 0x0F)
        how = ""
        if index:
            name = HeaderTable.STATIC_TABLE[index - 1][0].decode()
        else:
            name, how, at = _string(block, at)
        value, coded, at = _string(block, at)
        if name in _MOVING:
            value = "W/*" if value.startswith("W/") else "*"
        found.append(f"{first:02x}{how} {name}={coded}{value};")
    return found


def _string(block: bytes, at: int) -> tuple[str, str, int]:
    coded, length = block[at] & 0x80, block[at] & 0x7F
    assert length < 0x7F
    text = block[at + 1 : at + 1 + length]
    assert len(text) == length
    return (
        (decode_huffman(text) if coded else text).decode("latin-1"),
        "h:" if coded else "r:",
        at + 1 + length,
    )


def answers(address: Address) -> dict[str, list[str]]:
    """To each case the frames."""
    return {name: shown(exchanged(address, name)) for name in (*PREFACES, *CORPUS)}


def of_any_release(frames: list[str]) -> list[str]:
    """The same for all releases that answer alike: without their number and the lengths that follow from it."""
    return [re.sub(r"nginx/[\d.]+", "nginx/*", frame) for frame in frames]


def recorded() -> dict[str, list[str]]:
    """What nginx 1.18.0 answered."""
    kept = json.loads(RECORDED.read_text(encoding="utf-8"))
    frames = [frame.split(" ", 3) for frame in kept["frames"]]
    return {
        name: [
            f"{frames[number][0]} {frames[number][1]} {stream} {frames[number][3]}" for stream, number in said
        ]
        for name, said in kept["answers"].items()
    }


def main() -> None:
    """Argument: the address of a running nginx 1.18.0."""
    host, _, port = sys.argv[1].rpartition(":")
    found = answers((host, int(port)))
    frames: dict[str, int] = {}  # each frame once, as on stream 0
    lines = []
    for name, said in found.items():
        pairs = []
        for text in said:
            kind, flags, stream, rest = text.split(" ", 3)
            pairs.append([int(stream), frames.setdefault(f"{kind} {flags} 0 {rest}", len(frames))])
        lines.append(f"{json.dumps(name)}: {json.dumps(pairs)}")
    texts = map(json.dumps, frames)
    text = '{"answers": {\n ' + ",\n ".join(lines) + '\n}, "frames": [\n ' + ",\n ".join(texts) + "\n]}\n"
    RECORDED.write_text(text, encoding="utf-8")
    print(f"{len(found)} answers, {len(frames)} frames")


if __name__ == "__main__":
    main()
