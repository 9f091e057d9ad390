"""What the commands say of bait that nobody can fire, or not from everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from canaries.installation.session import say

if TYPE_CHECKING:
    from canaries.core.settings import Settings
    from canaries.installation.reachability import Obstacle


def of_kind(settings: Settings, kind_name: str) -> list[Obstacle]:
    """What keeps bait of this kind from being fired. Raises NotFoundError."""
    from canaries.installation.reachability import obstacles, trap_obstacle
    from canaries.mint import minting

    trap = trap_obstacle(settings, minting.kind(kind_name).traps)
    return [*obstacles(settings), *([trap] if trap else [])]


def warn(found: Iterable[Obstacle], *, briefly: bool = False) -> None:
    """One line each, on stderr. ``briefly``: what to do where some can fire it was said when the home was made."""
    for one in found:
        hint = "" if briefly and one.near else f". To change that, {one.hint}"
        say(f"warning: {one.says}{hint}")
