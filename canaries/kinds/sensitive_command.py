"""A wrapper for a command of the operator's own machine: whoever runs it is noticed by a name that is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from canaries.core.model import Bait, BaitFile
from canaries.kinds import Kind, Order
from canaries.kinds._dns_names import own_name


@dataclass(frozen=True, slots=True)
class SensitiveCommandOptions:
    """What ``--set`` may set."""

    command: str = "whoami"
    """The command that nobody should run there; the wrapper is called so."""
    program: str = ""
    """The real program's path; empty: ``/usr/bin/COMMAND``."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*", self.command):
            raise ValueError("command may have letters, digits, and _ . + - only")
        if self.program and not re.fullmatch(r"(/[A-Za-z0-9_.+-]+)+", self.program):
            raise ValueError("program is an absolute path")


class SensitiveCommand(Kind):
    name: ClassVar[str] = "sensitive-command"
    service: ClassVar[str] = "tools"
    traps: ClassVar[tuple[str, ...]] = ("dns",)
    title: ClassVar[str] = "A wrapper that tells when a command is run on your machine"
    fired_by: ClassVar[str] = (
        "Whoever runs the command by its name on the machine where you installed the wrapper: one DNS look-up, then "
        "the real command. It tells that it was run and on which machine (one bait a machine), not by whom. Silent: "
        "the real program called by its path, a machine without DNS, a second run while the answer is cached. Whoever "
        "reads the wrapper sees what it does."
    )
    plant_hint: ClassVar[str] = (
        "On your own machine, before the real program in the search path: install -m 755 COMMAND /usr/local/bin/."
    )
    try_hint: ClassVar[str] = "getent hosts {host}"
    Options: ClassVar[type[Any]] = SensitiveCommandOptions

    def mint(self, order: Order, options: SensitiveCommandOptions) -> Bait:
        token = own_name(order)
        program = options.program or f"/usr/bin/{options.command}"
        # In the background and without a word: the command itself is neither slower nor different. The dot at the end
        # keeps the resolver from trying the name under its search domains first.
        script = f'#!/bin/sh\ngetent hosts {token.value}. </dev/null >/dev/null 2>&1 &\nexec {program} "$@"\n'
        row = {"host": token.value, "command": options.command}
        return Bait(
            (token,),
            script,
            files=(BaitFile(options.command, script.encode(), 0o644),),
            row=row,
            stem="monitor",
        )
