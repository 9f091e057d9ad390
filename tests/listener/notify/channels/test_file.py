from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from canaries.core import settings
from canaries.core.errors import SettingsError
from listener.notify.channels import Alert, DeliveryError
from listener.notify.channels.file import FileChannel, FileSettings, append
from tests import steady
from tests.hooks import Way


def way(request: pytest.FixtureRequest) -> Way:
    folder: Path = request.getfixturevalue("tmp_path") / "siem"
    folder.mkdir()
    path = folder / "alerts.ndjson"
    return Way(
        {"path": str(path)}, lambda: [path.read_text()], lambda: shutil.rmtree(folder), for_people=False
    )


def test_one_object_a_line_for_the_owner_only(tmp_path: Path, every_event: list[Alert]) -> None:
    path = tmp_path / "alerts.ndjson"
    channel = FileChannel(FileSettings(str(path)))
    receipts = [channel.send(one) for one in every_event]
    lines = path.read_bytes().splitlines()
    assert [json.loads(line)["event"] for line in lines] == [one.event for one in every_event]
    assert path.stat().st_mode & 0o777 == 0o600
    assert receipts[0] == "at byte 0 of the file"
    assert receipts[1] == f"at byte {len(lines[0]) + 1} of the file"


def test_a_torn_last_line_does_not_swallow_the_next_one(tmp_path: Path) -> None:
    path = tmp_path / "alerts.ndjson"
    path.write_bytes(b'{"half')
    assert append(path, b"{}\n") == 7
    assert path.read_bytes() == b'{"half\n{}\n'


def test_a_link_is_not_followed(tmp_path: Path, alert: Alert) -> None:
    target = tmp_path / "precious"
    target.write_bytes(b"precious")
    (tmp_path / "alerts").symlink_to(target)
    with pytest.raises(DeliveryError) as caught:
        FileChannel(FileSettings(str(tmp_path / "alerts"))).send(alert)
    assert caught.value.permanent is False
    assert target.read_bytes() == b"precious"


APPEND_UNTIL_FULL = """
import resource, signal, sys
from pathlib import Path
from listener.notify.channels.file import append
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    for _ in range(10):
        append(Path(sys.argv[1]), b"x" * 29 + b"\\n")
except OSError:
    sys.exit(7)
"""


def test_a_full_disk_leaves_whole_lines_only(tmp_path: Path) -> None:
    """RLIMIT_FSIZE stands for the full disk: a write comes back short, then fails."""
    path = tmp_path / "alerts"
    command = [sys.executable, "-B", "-c", APPEND_UNTIL_FULL, str(path)]
    assert (
        subprocess.run(
            command, cwd=Path(__file__).parents[4], timeout=steady.PATIENCE, check=False
        ).returncode
        == 7
    )
    assert path.read_bytes() == (b"x" * 29 + b"\n") * 3


@pytest.mark.parametrize("path", ["alerts.ndjson", "~/alerts", "", "/tmp/a\0b"])
def test_only_an_absolute_path_will_do(path: str) -> None:
    with pytest.raises(SettingsError, match="absolute path"):
        settings.bind(FileSettings, {"path": path}, "channels.siem")
