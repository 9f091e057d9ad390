"""Bait as new files in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from canaries.core.model import Canary
from canaries.plant.files.bait_files import files_of, look_at_file, plan_files
from canaries.plant.files.removal import file_removal
from canaries.plant.planters import Item, Plan, Planter, PlantingRequest, Removal, State


class FolderPlanter(Planter):
    """Creates the bait's files, never over others; a snippet becomes a file with a believable name."""

    name = "folder"
    title = "a folder"
    rank = 30

    def accepts(self, target: str) -> bool:
        return Path(target).is_dir()

    def plan(self, request: PlantingRequest) -> Plan:
        folder = Path(request.target).resolve()
        return plan_files(request, folder, files_of(request.bait, folder, request))

    def take_back(self, items: Sequence[Item], canary: Canary, planted_at: str) -> Removal:
        return file_removal(tuple(items), canary, planted_at)

    def look(self, item: Item) -> tuple[State, str]:
        return look_at_file(item)
