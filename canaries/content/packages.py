"""Zip packages made byte for byte the same again: office documents, and whatever else is a zip of parts.

Office Open XML (ECMA-376, part 2) and OpenDocument (1.3, part 2) are zips with a fixed way of naming their parts. Times
inside are the order's, the compression is the standard library's, so the same seed gives the same file.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from canaries.core.clock import parse_rfc3339
from canaries.core.errors import MintError

_MOST_PARTS = 5000
_LARGEST = 256 << 20


def pack(parts: Mapping[str, bytes], moment: str, *, stored_first: str = "") -> bytes:
    """A zip of ``parts`` in their order, dated ``moment`` (RFC 3339); ``stored_first`` goes first, uncompressed."""
    when = parse_rfc3339(moment).timetuple()[:6]
    names = [name for name in (stored_first,) if name] + [name for name in parts if name != stored_first]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in names:
            info = zipfile.ZipInfo(name, when)
            info.compress_type = zipfile.ZIP_STORED if name == stored_first else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            package.writestr(info, parts[name])
    return out.getvalue()


def unpack(content: bytes, noun: str) -> dict[str, bytes]:
    """The parts of the operator's own package. Raises MintError where it is none, or unreasonably large."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            infos = package.infolist()
            if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > _LARGEST:
                raise MintError(f"the {noun} is too large", hint="give a smaller one")
            return {info.filename: package.read(info) for info in infos if not info.is_dir()}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        raise MintError(
            f"the file is no {noun}", hint="give one that your office program has saved"
        ) from error
