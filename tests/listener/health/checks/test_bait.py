"""The check of bait: where it leads, and whether the traps that planted bait needs are open."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from canaries.installation.home import Home
from canaries.mint import catalogue
from canaries.mint.minting import mint
from canaries.plant import planting
from listener.health.checks.bait import BaitCheck
from tests import steady
from tests.listener.health.looking import failures, notes


def set_to(home: Home, text: str) -> None:
    (home.path / "trapline.toml").write_text(text)


def test_f1_nowhere_is_failing_and_near_is_a_note(home: Home, look: Any) -> None:
    set_to(home, '[bait]\nbase_url = "http://0.0.0.0:8080"\n')
    assert "no address to call" in failures(look(BaitCheck))
    set_to(home, '[bait]\nbase_url = "http://127.0.0.1:8080"\n')
    parts = look(BaitCheck)
    assert not failures(parts)
    assert "only programs on this machine" in notes(parts)
    set_to(home, '[bait]\nbase_url = "http://1.1.1.1:8080"\n')
    assert [one.level for one in look(BaitCheck)] == ["well"]


def test_a_port_where_nothing_answers_while_the_listener_runs(
    home: Home, look: Any, well_answer: dict[str, Any]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        set_to(home, f'[bait]\nbase_url = "http://127.0.0.1:{server.getsockname()[1]}"\n')
        assert not failures(look(BaitCheck, well_answer))
    assert "where nothing answers" in failures(look(BaitCheck, well_answer))
    assert not failures(look(BaitCheck))  # without a listener that is no news


def test_planted_bait_whose_trap_is_shut(
    home: Home, look: Any, well_answer: dict[str, Any], tmp_path: Path
) -> None:
    canary = next(mint(home, "postgres-url", draw=steady.draw("bait"))).canary
    planting.plant(home, canary.id, str(tmp_path / "db.txt"))
    home.close()
    assert "1 placement of postgres-url: this bait leads to the trap postgres" in failures(look(BaitCheck))
    set_to(home, "[traps.postgres]\n")
    assert not failures(look(BaitCheck))


def test_planted_bait_is_never_dead_in_silence(
    home: Home, look: Any, well_answer: dict[str, Any], tmp_path: Path
) -> None:
    """Its trap is set up and shut, because the port is held; or because the bait was retired and still lies there."""
    set_to(home, '[bait]\nbase_url = "http://1.1.1.1:8080"\n[traps.http]\n[traps.postgres]\n')
    canary = next(mint(home, "postgres-url", draw=steady.draw("bait"))).canary
    planting.plant(home, canary.id, str(tmp_path / "db.txt"))
    home.close()
    well_answer |= {
        "traps": {"http": ["1.1.1.1:8080"]},
        "shut": {"postgres": "another program holds that port"},
    }
    said = "1 placement of postgres-url: this bait leads to the trap postgres, which is shut: another program"
    assert said in failures(look(BaitCheck, well_answer))
    well_answer["traps"]["postgres"] = ["1.1.1.1:5432"]
    assert not failures(look(BaitCheck, well_answer | {"shut": {}}))
    catalogue.retire(home, canary.id, "")
    home.close()
    del well_answer["traps"]["postgres"]
    parts = look(BaitCheck, well_answer)
    assert not failures(parts)
    assert "1 placement of retired postgres-url: its use is not seen" in notes(parts)
