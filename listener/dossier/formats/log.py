"""What proves the rest: the exact entries, the whole log's hashes, checkpoints, inclusion proofs, the log's key.

entries.tsv       index, leaf hash, ``disclosed`` or ``withheld:REASON``, for every entry of the whole log
entries.ndjson    the exact bytes of each disclosed entry, in the same order
headers.tsv       index, kind, tag of the canary, of the incident, content: of each withheld entry that has a header
case.key          tells by these tags which of them are of the case
proofs.ndjson     {"index", "path": [hash, ...]}: each disclosed entry under the last checkpoint (RFC 9162, 2.1.3)
checkpoints/      signed notes (C2SP tlog-checkpoint); the last one covers everything here
stamps/           SIZE.AUTHORITY.tsr: time stamps of third parties on checkpoints (RFC 3161), where there are any
checkpoints.tsv   size, when it was signed by this installation's own clock
log.vkey          the log's public key: a copy for convenience, trust one from elsewhere
"""

from __future__ import annotations

from collections.abc import Iterator

from canaries.ledger.checkpoints import Signed
from canaries.ledger.merkle import InclusionPaths
from listener.dossier.case import Case
from listener.dossier.case_stamps import BRACKETED
from listener.dossier.formats import Content, Format


class Log(Format):
    """Everything under ``log/``."""

    name = "log"

    def files(self, case: Case) -> Iterator[tuple[str, Content]]:
        yield (
            "log/entries.tsv",
            (f"{leaf.seq}\t{leaf.hash.hex()}\t{leaf.status}\n".encode() for leaf in case.leaves),
        )
        yield "log/entries.ndjson", (line + b"\n" for line in case.disclosed())
        yield "log/headers.tsv", _headers(case)
        if case.key:
            yield "log/case.key", (f"{case.key.hex()}\n".encode(),)
        yield "log/proofs.ndjson", _proofs(case)
        checkpoints = _checkpoints(case)
        for signed in checkpoints:
            yield f"log/checkpoints/{signed.checkpoint.size:012d}.note", (signed.note.encode(),)
        for stamp in case.stamps:
            yield f"log/stamps/{stamp.file}", (stamp.token,)
        yield "log/checkpoints.tsv", (f"{item.checkpoint.size}\t{item.at}\n".encode() for item in checkpoints)
        yield "log/log.vkey", (f"{case.log}\n".encode(),)


def _checkpoints(case: Case) -> list[Signed]:
    chosen = {case.head.checkpoint.size: case.head}
    for number, event in enumerate(case.events()):
        if number == BRACKETED:
            break
        for signed in case.sealed_between(event.hit.seq or 0):
            if signed:
                chosen[signed.checkpoint.size] = signed
    for stamp in case.stamps:
        for signed in case.sealed_between(stamp.about.size - 1):
            if signed and signed.checkpoint.size == stamp.about.size:
                chosen[signed.checkpoint.size] = signed
    return [chosen[size] for size in sorted(chosen)]


def _headers(case: Case) -> Iterator[bytes]:
    for seq, header in case.leaves.headers():
        tags = f"{header.kind}\t{header.canary}\t{header.incident}"
        yield f"{seq}\t{tags}\t{header.content.hex()}\n".encode()


def _proofs(case: Case) -> Iterator[bytes]:
    paths = InclusionPaths(case.leaves.hashes)
    for index in case.disclosed_places:
        steps = ",".join(f'"{step}"' for step in paths.path(index))
        yield f'{{"index":{index},"path":[{steps}]}}\n'.encode()
