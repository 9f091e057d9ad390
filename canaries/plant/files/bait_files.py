"""Planting new files into a folder: what `folder` and `repository` (and `file`, for a name not taken) share."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import msgspec

from canaries.core.errors import PlantError
from canaries.core.model import Bait, BaitFile
from canaries.plant.files.disk import NewFile, create
from canaries.plant.files.file_metadata import likeness
from canaries.plant.files.literals import judge, needles
from canaries.plant.planters import Done, Item, Plan, PlantingRequest, State

_NAMES = {
    True: (".env.old", ".env.bak", ".env.staging", ".env.backup", ".env.orig", "env.txt", "settings.old"),
    False: ("notes.txt", "todo.txt", "links.txt", "readme-old.txt", "access.txt", "handover.txt"),
}
"""Believable names for a bait that has none of its own: of assignments, and of prose."""

_LARGEST = 64 * 1024 * 1024
"""Bytes of a file that `look` reads."""


def files_of(bait: Bait, folder: Path, request: PlantingRequest) -> tuple[BaitFile, ...]:
    """The files of ``bait``; its text under a believable name where it has none. Raises PlantError."""
    if bait.files:
        return tuple(_within(file, folder) for file in bait.files)
    if not bait.text.strip():
        raise PlantError("this bait is neither text nor files", hint="plant it into a database table")
    lines = [line for line in bait.text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    names = _NAMES[bool(lines) and all("=" in line.partition(" ")[0] for line in lines)]
    free = [name for name in names if not (folder / name).exists()]
    if not free:
        raise PlantError(
            f"every usual name is taken in {folder}", hint=f"name the file yourself: {folder}/NAME"
        )
    return (BaitFile(request.chance.choice(free), bait.text.encode(), mode=0),)


def _within(file: BaitFile, folder: Path) -> BaitFile:
    """``.docker/config.json`` planted into ``~/.docker`` is its ``config.json``: none looks in ``.docker/.docker``."""
    first, slash, rest = file.path.partition("/")
    return msgspec.structs.replace(file, path=rest) if slash and first == folder.name else file


def plan_files(request: PlantingRequest, folder: Path, files: Sequence[BaitFile]) -> Plan:
    """Create ``files`` in ``folder``, all or none. Raises PlantError where one of the names is taken."""
    now_ns = int(request.now.timestamp() * 1_000_000_000)
    new = [_new_file(request, folder, file, now_ns) for file in files]
    items = tuple(_item(request.bait, folder, file) for file in new)

    def put() -> Done:
        made = create(folder, new)
        own = [str(one) for one in made.folders]  # what is there because of the bait goes with it
        placed = tuple(replace(item, memory=item.memory | {"folders": own}) for item in items)
        return Done(placed, made.remove)

    steps = tuple(
        f"create {folder / file.path} ({len(file.content)} bytes, mode {file.mode:04o}, dated {_date(file)})"
        for file in new
    )
    return Plan(str(folder), steps, items, put)


def _new_file(request: PlantingRequest, folder: Path, file: BaitFile, now_ns: int) -> NewFile:
    path = PurePosixPath(file.path)
    if path.is_absolute() or ".." in path.parts or not path.name:
        raise PlantError(f"the bait's file {file.path!r} would lie outside the target")
    where = folder / path
    if where.exists() or where.is_symlink():
        raise PlantError(
            f"{where} exists already",
            hint=f"nothing was written; to put it into that file: trapline plant ID {where}",
        )
    nearest = next(one for one in where.parents if one.is_dir())
    if not nearest.resolve().is_relative_to(folder):
        raise PlantError(
            f"{nearest} leads out of {folder}", hint=f"to plant there, name it: {nearest.resolve()}"
        )
    like = likeness(nearest, now_ns, request.chance)
    return NewFile(path, file.content, file.mode or like.mode, like)


def _item(bait: Bait, folder: Path, file: NewFile) -> Item:
    wanted = needles(bait, file.content)
    memory = {"encoding": "utf-8", "needles": wanted}
    return Item(str(folder / file.path), "created", hashlib.sha256(file.content).hexdigest(), memory=memory)


def _date(file: NewFile) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(file.like.mtime_ns // 1_000_000_000))


def look_at_file(item: Item) -> tuple[State, str]:
    """Whether the tokens of ``item`` still stand in its file; of a packed file, whether it is the same."""
    path = Path(item.where)
    try:
        if not path.is_file():
            return State.GONE, "the file is not there"
        if path.stat().st_size > _LARGEST:
            return State.UNREACHABLE, "the file has grown too large to read"
        content = path.read_bytes()
    except OSError as error:
        return State.UNREACHABLE, (error.strerror or type(error).__name__).lower()
    wanted: list[str] = item.memory.get("needles", [])
    if wanted:
        return judge(content, wanted, item.memory["encoding"])
    same = hashlib.sha256(content).hexdigest() == item.sha256
    return (State.THERE, "") if same else (State.CHANGED, "the file reads otherwise now")
