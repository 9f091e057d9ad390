"""``trapline copies``: what it prints, and that a copy leaves the house stamped or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from canaries.commands.scan import command as scan
from canaries.core.errors import MintError
from canaries.installation.home import Home
from canaries.installation.session import Session
from listener.commands.copies import command
from listener.notify.stamper import kept
from tests.issued import as_csv, installation, subscribers
from tests.time_authority import TimeAuthority, serving, with_authorities


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(
        command, arguments, obj=Session(home.path), standalone_mode=False, catch_exceptions=False
    )


def files(folder: Path) -> tuple[str, str]:
    (folder / "list.csv").write_bytes(as_csv(subscribers(60)))
    (folder / "who.csv").write_text("Partner A,x\nPartner\x1b B,y\n")
    return str(folder / "list.csv"), str(folder / "who.csv")


def test_from_a_list_to_the_name(tmp_path: Path) -> None:
    home = installation(tmp_path / "home")
    source, who = files(tmp_path)
    assert run(home, "list").stderr.startswith("nothing was issued yet")
    planned = json.loads(run(home, "issue", source, "--recipients", who, "--dry-run", "--json").stdout)
    assert planned["recipients"] == 2
    assert planned["each"] == planned["private"] > 20
    out = str(tmp_path / "out")
    done = run(home, "issue", source, "--recipients", who, "--out", out, "--name", "spring")
    assert done.return_value == 0
    assert f"{planned['private']} marks that no other copy has" in done.stdout
    listed = json.loads(run(home, "list", "--json").stdout)
    assert (listed["name"], listed["copies"]) == ("spring", 2)
    assert "0 handed over  spring" in run(home, "list").stdout
    run(home, "deliver", "spring", "Partner A", "--receipt", who, "--note", "mail")
    run(home, "revoke", "spring", "Partner A", "--reason", "over")
    first, second = (json.loads(line) for line in run(home, "show", "spring", "--json").stdout.splitlines())
    assert (len(first["delivered"]), bool(first["withdrawn"]), second["delivered"]) == (1, True, [])
    shown = run(home, "show", "spring").stdout
    assert "handed over 20" in shown
    assert "Partner\\x1b B: not handed over" in shown
    leak = next((tmp_path / "out").glob("0002-*/list.csv"))
    said = CliRunner().invoke(scan, [str(leak)], obj=Session(home.path), standalone_mode=False)
    assert "spring: the copy of Partner\\x1b B" in said.stdout
    lines = (
        CliRunner().invoke(scan, [str(leak), "--json"], obj=Session(home.path), standalone_mode=False).stdout
    )
    assert json.loads(lines.splitlines()[-1])["copy"]["recipients"] == ["Partner\x1b B"]
    home.store.close()


def test_a_copy_is_stamped_before_it_is_there_or_nothing_is_to_be_handed_out(tmp_path: Path) -> None:
    source, who = files(tmp_path)
    with serving(TimeAuthority(tmp_path / "tsa")) as authority:
        home = with_authorities(installation(tmp_path / "home"), authority.toml())
        arguments = ("issue", source, "--recipients", who, "--share", "100")
        assert run(home, *arguments, "--out", str(tmp_path / "one")).return_value == 0
        with home.store.read() as connection:
            assert len(list(kept(connection))) == 1
        authority.down = True
        done = run(home, *arguments, "--out", str(tmp_path / "two"), "--json")
        assert done.return_value == 1
        assert "Hand out no copy yet" in done.stderr
        assert {json.loads(line)["recipient"] for line in done.stdout.splitlines()} == {
            "Partner A",
            "Partner\x1b B",
        }
        home.store.close()


def test_wrong_use_mints_nothing(tmp_path: Path) -> None:
    home = installation(tmp_path / "home")
    source, who = files(tmp_path)
    assert (
        CliRunner().invoke(command, ["issue", source, "--recipients", who], obj=Session(home.path)).exit_code
        == 2
    )
    (tmp_path / "list.parquet").write_bytes(b"x")
    with pytest.raises(MintError, match="no form that copies"):
        run(home, "issue", str(tmp_path / "list.parquet"), "--recipients", who, "--out", str(tmp_path / "o"))
    assert not (tmp_path / "o").exists()
    home.store.close()
