"""Parts of multipart messages."""

from __future__ import annotations

import base64
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "multipart": lambda data: b'--b0\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b0\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n' + data + b"\r\n--b0--\r\n",
    "attachment": lambda data: b'Subject: x\r\nContent-Type: multipart/mixed; boundary="=_b1"\r\n\r\n--=_b1\r\nContent-Type: text/plain\r\n\r\nhello\r\n--=_b1\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n' + base64.encodebytes(data) + b"\r\n--=_b1--\r\n",
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
