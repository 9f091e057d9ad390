"""Which traps are opened, and at which addresses: all of them are bound, or none."""

from __future__ import annotations

import socket
from collections.abc import Callable, Container
from typing import Any

from canaries.core import plugins
from canaries.core.errors import HomeError, SettingsError
from canaries.core.settings import Settings, bind
from listener.net.sockets import UNIX, open_sockets
from listener.traps import FOLDER, Trap


def chosen(settings: Settings) -> dict[str, type[Trap]]:
    """The traps to open: those with a ``[traps.NAME]`` section, or HTTP where there is none. Raises NotFoundError."""
    return {name: plugins.pick(FOLDER, Trap, name, "trap") for name in (settings.traps or {"http": {}})}  # type: ignore[type-abstract]


def trap_settings(name: str, trap: type[Trap], settings: Settings) -> Any:
    """The bound settings of one trap. Raises SettingsError."""
    return bind(trap.Settings, settings.traps.get(name, {}), f"traps.{name}")


def bind_all(
    settings: Settings,
    passed_over: Callable[[HomeError], None] | None = None,
    *,
    wanted: Container[str] | None = None,
) -> dict[str, list[socket.socket]]:
    """Bind every address of every trap: all of them, or none. Raises SettingsError, HomeError, NotFoundError.

    With ``passed_over`` the traps without a section are opened too, at their usual addresses; one of those that cannot
    be is passed over and told. ``wanted``: of the traps with a section these alone; what the others' sections say is
    checked.
    """
    bound: dict[str, list[socket.socket]] = {}
    try:
        for name, trap in chosen(settings).items():
            trap_settings(name, trap, settings)
            if wanted is None or name in wanted:
                bound[name] = _bind(name, trap, settings)
        others = plugins.classes(FOLDER, Trap) if passed_over else {}  # type: ignore[type-abstract]
        for name in sorted(others.keys() - bound.keys()):
            try:
                bound[name] = _bind(name, others[name], settings)
            except HomeError as error:
                if passed_over is not None:
                    passed_over(error)
    except BaseException:
        for sockets in bound.values():
            for sock in sockets:
                sock.close()
        raise
    return bound


def bind_trap(name: str, settings: Settings) -> list[socket.socket]:
    """All sockets of the trap of this name. Raises SettingsError, HomeError, NotFoundError."""
    return _bind(name, plugins.pick(FOLDER, Trap, name, "trap"), settings)  # type: ignore[type-abstract]


def _bind(name: str, trap: type[Trap], settings: Settings) -> list[socket.socket]:
    """All sockets of one trap, or none."""
    kept: list[socket.socket] = []
    try:
        for text in trap.addresses(trap_settings(name, trap, settings)):
            _refuse_local(name, trap, text)
            kept += open_sockets(text, trap.transports, f"traps.{name}.bind")
    except BaseException:
        for sock in kept:
            sock.close()
        raise
    return kept


def _refuse_local(name: str, trap: type[Trap], text: str) -> None:
    if text.startswith(UNIX) and not trap.local:
        raise SettingsError(
            f"traps.{name}.bind: {text!r} is a local socket, and this trap is for visitors with an address",
            hint="write HOST:PORT, for example 127.0.0.1:0",
        )
