"""Bait as an entry in a file that is there, or as a new file of a given name."""

from __future__ import annotations

import hashlib
import random
import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from canaries.core.errors import PlantError
from canaries.core.model import BaitFile, Canary
from canaries.plant.files.bait_files import look_at_file, plan_files
from canaries.plant.files.disk import append
from canaries.plant.files.git import advice, history
from canaries.plant.files.literals import needles, tokens
from canaries.plant.files.preview import diff
from canaries.plant.files.removal import file_removal
from canaries.plant.files.splicing import SplicedPiece, digest, pieces, rewrite, take_out
from canaries.plant.files.surroundings import cautions
from canaries.plant.formats import Manner, compose
from canaries.plant.formats._text import document, spliced
from canaries.plant.planters import Done, Item, Plan, Planter, PlantingRequest, Removal, State

_LARGEST = 256 * 1024 * 1024
"""Bytes of a file that bait is put into: its whole text is looked at first."""


class FilePlanter(Planter):
    """Puts an entry into a file as the file's own format has it; all else stays byte for byte."""

    name = "file"
    title = "a file (to put an entry into, or a new name in an existing folder)"
    rank = 40

    def accepts(self, target: str) -> bool:
        path = Path(target)
        return (
            "://" not in target
            and (path.exists() or path.is_symlink() or path.parent.is_dir())
            and not path.is_dir()
        )

    def plan(self, request: PlantingRequest) -> Plan:
        path = Path(request.target).absolute()
        if path.exists() or path.is_symlink():
            return _plan_entry(request, _real(path))
        plan = _plan_new(request, path)
        told = advice(Path(plan.items[0].where))
        return replace(plan, warnings=(*plan.warnings, told)) if told else plan

    def look(self, item: Item) -> tuple[State, str]:
        return look_at_file(item)

    def take_back(self, items: Sequence[Item], canary: Canary, planted_at: str) -> Removal:
        return file_removal(tuple(items), canary, planted_at)


def _real(path: Path) -> Path:
    """Where ``path`` leads. A link that leaves its folder may lead to a file nobody meant: refused."""
    if not path.exists():
        raise PlantError(f"{path} is a symbolic link to nothing")
    real = path.resolve()
    if path.is_symlink() and not real.is_relative_to(path.parent.resolve()):
        raise PlantError(
            f"{path} is a symbolic link out of its folder", hint=f"to plant there, name it: {real}"
        )
    if not stat.S_ISREG(real.stat().st_mode):
        raise PlantError(f"{path} is not a regular file")
    return real


def _plan_entry(request: PlantingRequest, path: Path) -> Plan:
    manner, name = _asked(request)
    before = _read(path)
    opened = document(path, before)
    secrets = tuple(dict.fromkeys(token.value for token in tokens(request.bait)))
    strong = [token.value for token in tokens(request.bait) if not token.weak]
    if any(value.encode(opened.encoding, "ignore") in before for value in strong):
        raise PlantError(f"{path} already holds this bait", hint="mint another canary for another copy")
    # a dry run must show what will happen: chance hangs on nothing but the bait and the file
    seed = hashlib.sha256("\0".join((*secrets, str(path))).encode() + before).digest()
    chance = random.Random(seed)  # noqa: S311  it chooses words, not secrets
    composed = compose(opened, request.bait, request.kind, manner=manner, chance=chance, name=name)
    after, made = spliced(before, composed.splices), pieces(before, composed.splices)
    item = _item(path, before, after, request, composed.format, made, opened.encoding)

    def put() -> Done:
        if item.how == "appended":  # one write behind whatever others append
            append(path, before, made[0].added)
        else:
            rewrite(path, before, after)
        return Done((item,), lambda: take_out(path, made, digest(after)))

    size = sum(len(splice.added) for splice in composed.splices)
    step = f"put {size} bytes into {path} ({composed.format}) {composed.said}; mode, owner and dates stay"
    told = advice(path)
    warnings = (*composed.remarks, *cautions(path), *(history(path) or ((told,) if told else ())))
    shown = diff(path.name, opened.text, document(path, after).text, secrets)
    return Plan(str(path), (step,), (item,), put, warnings, shown)


def _asked(request: PlantingRequest) -> tuple[Manner, str]:
    """What ``--set`` says of a file: ``as`` (entry, comment, live) and ``format``."""
    unknown = sorted(set(request.values) - {"as", "format"})
    if unknown:
        raise PlantError(
            f"a file takes no {unknown[0]!r}",
            hint="for a file: --set as=entry|comment|live, --set format=NAME",
        )
    manner = request.values.get("as", "entry")
    for known in get_args(Manner):
        if manner == known:
            return known, request.values.get("format", "")
    raise PlantError(f"--set as={manner!r} is not known", hint=f"choose from: {', '.join(get_args(Manner))}")


def _item(
    path: Path,
    before: bytes,
    after: bytes,
    request: PlantingRequest,
    format_name: str,
    made: Sequence[SplicedPiece],
    encoding: str,
) -> Item:
    added = b"".join(piece.added for piece in made)
    literal = needles(request.bait, added, encoding)
    if not literal:  # it is there, but encoded: then the lines themselves are looked for
        literal = [
            max(piece.added.decode(encoding, "ignore").splitlines(), key=len, default="") for piece in made
        ]
    memory = {
        "encoding": encoding,
        "needles": literal,
        "format": format_name,
        "before": digest(before),
        "after": digest(after),
        "pieces": [piece.as_dict() for piece in made],
    }
    appended = len(made) == 1 and made[0].at >= len(before)
    return Item(str(path), "appended" if appended else "inserted", digest(added), memory=memory)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise PlantError(f"{path} is too large to plant into safely", hint="name a folder as the target")
        return path.read_bytes()
    except OSError as error:
        raise PlantError(
            f"{path} cannot be read: {(error.strerror or type(error).__name__).lower()}"
        ) from error


def _plan_new(request: PlantingRequest, path: Path) -> Plan:
    bait = request.bait
    if len(bait.files) > 1:
        names = ", ".join(file.path for file in bait.files)
        raise PlantError(
            f"this bait is {len(bait.files)} files ({names})", hint="name a folder as the target"
        )
    if not bait.files and not bait.text.strip():
        raise PlantError("this bait is neither text nor a file", hint="plant it into a database table")
    source = bait.files[0] if bait.files else BaitFile(path.name, bait.text.encode(), mode=0)
    file = BaitFile(path.name, source.content, source.mode)
    plan = plan_files(request, path.parent.resolve(), (file,))
    return replace(plan, target=str(path.parent.resolve() / path.name))
