"""The raw requests exactly as they came, each in a file named by its SHA-256, which the hit's entry holds."""

from __future__ import annotations

from collections.abc import Iterator

from listener.dossier.case import Case
from listener.dossier.formats import Content, Format


class Raw(Format):
    """``raw/SHA256.bin``, equal ones once; ``raw/missing.tsv`` names the hits whose bytes were erased."""

    name = "raw"

    def files(self, case: Case) -> Iterator[tuple[str, Content]]:
        seen: set[str] = set()
        missing = []
        for one in case.raw_requests() if not case.version.brief else ():
            if one.content is None:
                missing.append(f"{one.hit}\terased\n".encode())
            elif one.sha256 not in seen:
                seen.add(one.sha256)
                yield f"raw/{one.sha256}.bin", (one.content,)
        yield "raw/missing.tsv", missing
