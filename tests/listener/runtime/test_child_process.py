"""A child's ties to its parent."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests import steady


def in_child(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=steady.PATIENCE, check=True
    )
    return done.stdout.strip()


@pytest.mark.skipif("os.getuid() != 0", reason="needs root")
def test_root_becomes_somebody_for_good() -> None:
    code = """
import os
from listener.runtime.child_process import drop_privileges
os.setgroups([4, 27])
drop_privileges("nobody")
try:
    os.setuid(0)
except PermissionError:
    print(os.getuid() != 0, os.geteuid() != 0, os.getgroups())
"""
    assert in_child(code) == "True True []"


@pytest.mark.skipif("os.getuid() != 0", reason="needs root")
def test_an_unknown_user_is_refused_by_name() -> None:
    assert "no user called 'nosuch'" in in_child(
        "from listener.runtime.child_process import drop_privileges\n"
        "from canaries.core.errors import SettingsError\n"
        "try:\n    drop_privileges('nosuch')\nexcept SettingsError as error:\n    print(error)"
    )


def test_nobody_named_means_no_change() -> None:
    assert (
        in_child(
            "import os\nfrom listener.runtime.child_process import drop_privileges\n"
            "before = os.getuid()\ndrop_privileges('')\nprint(before == os.getuid())"
        )
        == "True"
    )


def test_a_parent_that_ended_while_its_child_was_loading_is_missed() -> None:
    """prctl(2) tells of a later end only: a back that was still loading lived on."""
    code = "import signal\nfrom listener.runtime.child_process import die_with_parent\n"
    code += "signal.signal(signal.SIGTERM, lambda *_: print('told'))\n"
    assert in_child(code + "import os\ndie_with_parent(os.getppid())\nprint('alive')") == "alive"
    assert in_child(code + "die_with_parent(2**22 + 1)\nprint('alive')") == "told\nalive"
