"""The raw requests exactly as they came, each in a file named by its SHA-256, which the hit's entry holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from listener.dossier.case import Case
from listener.dossier.formats import Content, Format


class Raw(Format):
    """``raw/SHA256.bin``, equal ones once; ``raw/missing.tsv`` names the hits whose bytes were erased."""

    name = "raw"

    def files(self, case: Case) -> Iterator[tuple[str, Content]]:
        seen: set[bytes] = set()
        missing = []
        for hit_id, raw in case.raw_requests() if not case.version.brief else ():
            if raw is None:
                missing.append(f"{hit_id}\terased\n".encode())
                continue
            digest = hashlib.sha256(raw)
            if digest.digest() not in seen:
                seen.add(digest.digest())
                yield f"raw/{digest.hexdigest()}.bin", (raw,)
        yield "raw/missing.tsv", missing
