"""End a child process with its parent, and drop the rights it no longer needs."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal

from canaries.core.errors import SettingsError

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def die_with_parent(parent: int = 0) -> None:
    """SIGTERM when the parent is gone (prctl(2)). After `drop_privileges`, which would clear it.

    ``parent``: its process id, as it said itself; where it ended while this process was loading, SIGTERM comes now.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if parent and os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def drop_privileges(user: str) -> None:
    """Become ``user`` for good, where this process is root and one is named. Raises SettingsError."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if not user or os.getuid() != 0:
        return
    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        raise SettingsError(f"listen.user: this machine has no user called {user!r}") from None
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
