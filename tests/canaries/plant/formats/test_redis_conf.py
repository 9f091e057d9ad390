"""Redis's configuration."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from canaries.core.errors import PlantError
from tests import steady
from tests.canaries.plant.formats.forms import text_after

OLD = "port 0\n# requirepass foobared\nrequirepass x\nmaxmemory 256mb\n"


def test_an_old_server_in_its_own_words_beside_the_password() -> None:
    made = text_after("redis.conf", OLD, "redis-url").removeprefix(OLD.partition("maxmemory")[0])
    words = [line.split()[1] for line in made.splitlines()[:-1]]
    assert words[0] == "replicaof"
    assert words[-1] == "masterauth"
    assert made.endswith("maxmemory 256mb\n")


def test_redis_knows_each_word_of_it(tmp_path: Path) -> None:
    if not (server := shutil.which("redis-server")):
        pytest.skip("redis-server is not installed")
    lines = text_after("redis.conf", OLD, "redis-url").splitlines()
    path = tmp_path / "redis.conf"
    path.write_text(
        "\n".join(line.removeprefix("# ") for line in lines if "foobared" not in line) + "\nbogus 1\n"
    )
    done = subprocess.run(
        [server, str(path)], capture_output=True, text=True, timeout=steady.PATIENCE, check=False
    )
    assert "bogus" in done.stdout + done.stderr  # the first that it does not know


def test_another_service_has_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("redis.conf", OLD, "mysql")
