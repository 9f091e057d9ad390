"""Where an intruder works: a machine of its own, where the only server is the listener and nothing leads outside.

As root it is a set of Linux namespaces (network, mounts, processes): the traps have their usual ports, every name is
asked at the DNS trap, and whatever else a client tries to call is not there. All that runs in it ends with it. Without
root it is this machine's loopback, on ports the kernel chooses: baits then point to ``http://127.0.0.1:PORT/LABEL``,
and clients that need a name or a usual port are not run.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

from tests import steady

DOMAIN = "harbour-view.net"
"""The catch domain: inside the box only, nobody asks the real one."""

USUAL: dict[str, tuple[int, ...]] = {
    "ftp": (21,),
    "http": (80, 443, 2375, 5000, 6443, 8123, 8200, 9200),
    "imap": (143,),
    "ldap": (389,),
    "pop3": (110,),
    "smtp": (25, 587),
}
"""Where clients look for a service, for the traps whose default is a port that needs no root; of HTTP several."""

_NAMESPACES = ("--net", "--mount", "--pid", "--uts")


class Box:
    """The machine; `argv` makes a command one that runs in it."""

    def __init__(self, folder: Path) -> None:
        self.named = _may_unshare()
        self._holder = _hold(folder) if self.named else None
        self._ports: dict[str, tuple[int, ...]] = dict(USUAL) if self.named else {}

    def ports(self, trap: str, default: str) -> tuple[int, ...]:
        """Where that trap listens: the usual place, its ``default`` address's port, or (outside a box) any free one."""
        usual = int(default.rpartition(":")[2]) if self.named else _free_port()
        return self._ports.setdefault(trap, (usual,))

    @property
    def base_url(self) -> str:
        """``[bait] base_url`` for baits that are used in it."""
        return f"http://{{label}}.{DOMAIN}" if self.named else f"http://127.0.0.1:{self.ports('http', '')[0]}"

    def argv(self, *command: str, folder: Path) -> list[str]:
        """``command`` in ``folder``, entering the box first."""
        inside = ["env", "-C", str(folder), *command]
        if self._holder is None:
            return inside
        (first,) = Path(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children").read_text().split()
        return ["nsenter", "--target", first, *_NAMESPACES, "--", *inside]

    def close(self) -> None:
        """End every process in it: its first one goes, and the kernel ends the others."""
        if self._holder is not None and self._holder.stdin is not None:
            self._holder.stdin.close()
            self._holder.wait(steady.PATIENCE)


def _may_unshare() -> bool:
    if os.geteuid() != 0 or shutil.which("unshare") is None or shutil.which("nsenter") is None:
        return False
    tried = subprocess.run(["unshare", *_NAMESPACES, "--fork", "true"], capture_output=True, check=False)
    return tried.returncode == 0


def _hold(folder: Path) -> subprocess.Popen[bytes]:
    """The box's first process: it waits for its input to end, as it also does when the tests are killed."""
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:2 attempts:2\n")
    (folder / "nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files dns\nservices: files\n")
    script = (
        "ip link set lo up && hostname kali-box && mount --bind resolv.conf /etc/resolv.conf"
        " && mount --bind nsswitch.conf /etc/nsswitch.conf && echo ready && exec cat"
    )
    holder = subprocess.Popen(
        ["unshare", *_NAMESPACES, "--fork", "--kill-child", "--mount-proc", "sh", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=folder,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"ready\n"
    holder.stdout.close()
    return holder


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
