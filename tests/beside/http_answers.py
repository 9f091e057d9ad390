"""What a web server answers to `odd_http.CORPUS`, and what nginx 1.18.0 answered when it was recorded.

``transcripts/http.json`` holds it. To make it anew, have an nginx 1.18.0 (of its own source: distributions patch
nothing here) serve its ``docs/html/index.html`` as index.nginx-debian.html with `real_servers.nginx`'s settings, then
``python -m tests.beside.http_answers 127.0.0.1:PORT``.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import socket
import sys

from tests import steady
from tests.beside import FILES
from tests.beside.odd_http import CORPUS, LINGERING, WHILE_OPEN

Address = tuple[str, int]
RECORDED = FILES / "http.json"
_VALIDATORS = re.compile(rb"(?m)^(Last-Modified|ETag): ([^\r]+)")
_LENGTH = re.compile(rb"Content-Length: (\d+)")
_GZIP = re.compile(rb"(?s)(Content-Encoding: gzip\r\n\r\n)(?:[0-9a-f]+\r\n)(\x1f\x8b.+?)\r\n0\r\n\r\n")


def exchanged(address: Address, request: bytes, *, half_close: bool = True, whole: bool = False) -> bytes:
    """Every byte that comes back until the server ends the connection, or until one answer is ``whole``."""
    said = b""
    with socket.create_connection(address, timeout=steady.PATIENCE) as sock:
        with contextlib.suppress(ConnectionError, OSError):
            sock.sendall(request)
            if half_close:
                sock.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError):
            while not (whole and _is_whole(said)) and (data := sock.recv(65_536)):
                said += data
    return said


def _is_whole(said: bytes) -> bool:
    head, _, body = said.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return length is not None and len(body) >= int(length[1])


def answers(address: Address) -> dict[str, bytes]:
    """To each request of the corpus the answer, without dates, validators and the boundaries of ranges."""
    page = exchanged(address, b"GET / HTTP/1.0\r\n\r\n")
    held = dict(_VALIDATORS.findall(page))
    date, etag = held[b"Last-Modified"], held[b"ETag"]
    found = {}
    for name, request in CORPUS.items():
        filled = request.replace(b"{DATE}", date).replace(b"{ETAG}", etag)
        said = exchanged(address, filled, half_close=name not in WHILE_OPEN, whole=name in LINGERING)
        said = re.sub(rb"(?m)^Date: [^\r]+", b"Date: *", said)
        said = said.replace(date, b"{DATE}").replace(etag[:-4], b'"*')
        found[name] = re.sub(rb"\b\d{20}\b", b"{BOUNDARY}", said)
    return found


def of_any_release(said: bytes) -> bytes:
    """The same for all releases that answer alike: unzipped, without their number, the page at the root by name."""
    said = _GZIP.sub(lambda found: found[1] + gzip.decompress(found[2]), said)
    return re.sub(rb"nginx/[\d.]+", b"nginx/*", said)


def recorded() -> dict[str, bytes]:
    """What nginx 1.18.0 answered."""
    kept = json.loads(RECORDED.read_text(encoding="utf-8"))
    return {name: kept["texts"][number].encode("latin-1") for name, number in kept["answers"].items()}


def main() -> None:
    """Argument: the address of a running nginx 1.18.0."""
    host, _, port = sys.argv[1].rpartition(":")
    found = {name: said.decode("latin-1") for name, said in answers((host, int(port))).items()}
    texts = list(dict.fromkeys(found.values()))
    kept = {"answers": {name: texts.index(said) for name, said in found.items()}, "texts": texts}
    RECORDED.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(f"{len(found)} answers, {len(texts)} of them different")


if __name__ == "__main__":
    main()
