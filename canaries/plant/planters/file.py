"""Bait as lines more in a text file, or as a new file of a given name."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import replace
from pathlib import Path

from canaries.core.errors import PlantError
from canaries.core.model import BaitFile
from canaries.plant.files.bait_files import look_at_file, plan_files
from canaries.plant.files.disk import append, unappend
from canaries.plant.files.git import advice
from canaries.plant.files.join import join
from canaries.plant.files.literals import needles
from canaries.plant.planters import Done, Item, Plan, Planter, PlantingRequest, State

_LARGEST = 256 * 1024 * 1024
"""Bytes of a file we append to: its whole text is looked at first."""


class FilePlanter(Planter):
    """Appends the bait's snippet in the file's own manner; what was there stays byte for byte."""

    name = "file"
    title = "a file (to append to, or a new name in an existing folder)"
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
        plan = (
            _plan_append(request, _real(path))
            if path.exists() or path.is_symlink()
            else _plan_new(request, path)
        )
        told = advice(Path(plan.items[0].where))
        return replace(plan, warnings=(*plan.warnings, told)) if told else plan

    def look(self, item: Item) -> tuple[State, str]:
        return look_at_file(item)


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


def _plan_append(request: PlantingRequest, path: Path) -> Plan:
    if not request.bait.text.strip():
        raise PlantError("this bait has no snippet to append", hint="name a folder as the target")
    before = _read(path)
    joined = join(path.name, before, request.bait.text)
    wanted = needles(request.bait, joined.added, joined.encoding)
    if any(value.encode(joined.encoding) in before for value in wanted):
        raise PlantError(f"{path} already holds this bait", hint="mint another canary for another copy")
    digest = hashlib.sha256(joined.added).hexdigest()
    item = Item(str(path), "appended", digest, memory={"encoding": joined.encoding, "needles": wanted})

    def put() -> Done:
        append(path, before, joined.added)
        return Done((item,), lambda: unappend(path, len(before), joined.added))

    warnings: tuple[str, ...] = ()
    if joined.assigns:
        names = ", ".join(joined.assigns)
        warnings = (
            f"what loads {path.name} now also sees {names}: make sure that nothing picks them up by name",
        )
    step = f"append {len(joined.added)} bytes to {path}, {joined.manner}; mode, owner and dates stay"
    return Plan(str(path), (step,), (item,), put, warnings)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise PlantError(f"{path} is too large to append to safely", hint="name a folder as the target")
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
