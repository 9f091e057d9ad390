"""Bait as new files in a git work tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from canaries.core.errors import PlantError
from canaries.core.model import Canary
from canaries.plant.files.bait_files import files_of, look_at_file, plan_files
from canaries.plant.files.git import advice, work_tree
from canaries.plant.files.removal import file_removal
from canaries.plant.planters import Item, Plan, Planter, PlantingRequest, Removal, State


class RepositoryPlanter(Planter):
    """Like a folder, and says of each file whether git will take it along. Commits nothing: that is the owner's."""

    name = "repository"
    title = "a git work tree"
    rank = 20

    def accepts(self, target: str) -> bool:
        folder = Path(target)
        return folder.is_dir() and work_tree(folder) is not None

    def plan(self, request: PlantingRequest) -> Plan:
        folder = Path(request.target).resolve()
        if ".git" in folder.parts:
            raise PlantError(f"{folder} is git's own", hint="plant into the work tree, beside it")
        plan = plan_files(request, folder, files_of(request.bait, folder, request))
        told = [advice(Path(item.where)) for item in plan.items]
        return replace(plan, warnings=(*plan.warnings, *[one for one in told if one]))

    def take_back(self, items: Sequence[Item], canary: Canary, planted_at: str) -> Removal:
        return file_removal(tuple(items), canary, planted_at)

    def look(self, item: Item) -> tuple[State, str]:
        return look_at_file(item)
