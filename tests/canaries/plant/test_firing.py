"""What can be fired of what was planted at one place, and no more."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from canaries.core.model import Bait, Token
from canaries.core.settings import BaitSettings, Settings
from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.plant import planting
from canaries.plant.firing import PlantedFacets, facets
from canaries.plant.planters import Item
from canaries.plant.planting import Planted
from tests import steady


def table(path: Path, *columns: str) -> str:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE users (id INTEGER PRIMARY KEY, {', '.join(columns)})")
    return f"sqlite:///{path}?table=users"


def planted(home: Home, target: str, kind: str = "user", **values: str) -> Planted:
    canary = next(mint(home, kind, draw=steady.draw(kind + target))).canary
    return planting.plant(home, canary.id, target, values=values)


def other(home: Home, text: str) -> Home:
    home.store.close()
    (home.path / "trapline.toml").write_text(text)
    return Home.open(home.path)


def test_f2_a_row_without_an_address_of_a_trap_is_called_dead_and_offers_nothing_to_try(
    home: Home, tmp_path: Path
) -> None:
    done = planted(home, table(tmp_path / "a.db", "email TEXT", "full_name TEXT", "phone TEXT"))
    dead = planting.obstacle(home, done)
    assert dead is not None
    assert "nobody can fire what was planted (email, full_name, phone)" in dead.says.replace(
        "email, phone, full_name", "email, full_name, phone"
    )
    assert list(planting.trials(done)) == []


def test_a_row_with_the_profile_page_offers_what_its_columns_hold(home: Home, tmp_path: Path) -> None:
    done = planted(home, table(tmp_path / "a.db", "email TEXT", "profile_url TEXT"))
    assert planting.obstacle(home, done) is None
    assert [line for line in planting.trials(done) if "password" in line] == []
    assert list(planting.trials(done)) == [f"curl -i '{done.bait.row['profile_url']}'"]
    whole = planted(home, table(tmp_path / "b.db", "email TEXT", "password TEXT", "profile_url TEXT"))
    assert any("password=" in line for line in planting.trials(whole))


@pytest.mark.parametrize(("section", "dead"), [("[traps.http]\n", True), ("[traps.smtp]\n", False)])
def test_a_row_with_a_mailbox_needs_the_mail_trap(
    home: Home, tmp_path: Path, section: str, dead: bool
) -> None:
    home = other(home, f'[bait]\ndomain = "traps.example"\n{section}')
    done = planted(home, table(tmp_path / "a.db", "email TEXT", "full_name TEXT"))
    found = planting.obstacle(home, done)
    assert (found is not None and "trap smtp" in found.says) == dead
    assert [line.split()[0] for line in planting.trials(done)] == ["swaks"]
    home.close()


def test_an_entry_in_a_file_and_a_whole_file(home: Home, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\n")
    for target in (tmp_path / ".env", tmp_path / "new.txt"):
        done = planted(home, str(target), "github-token")
        assert planting.obstacle(home, done) is None
        assert len(list(planting.trials(done))) == 1


def test_a_trap_that_is_shut_is_said_of_a_file_too(home: Home, tmp_path: Path) -> None:
    done = planted(home, str(tmp_path / "db.txt"), "postgres-url")
    dead = planting.obstacle(other(home, "[traps.http]\n"), done)
    assert dead is not None
    assert "trap postgres" in dead.says


def test_which_facets_fire_and_which_only_tell_in_a_dump() -> None:
    settings = Settings(bait=BaitSettings("https://{label}.own.example", "own.example", ("more.example",)))
    bait = Bait(
        tokens=(
            Token("password", "tulip-anchor"),
            Token("email", "mara@more.example", folds=True),
            Token("host", "k3v9.own.example", folds=True),
            Token("phone", "+12025550123", weak=True),
            Token("name", "Mara Okonjo", weak=True),
        ),
        text="",
    )

    def row(**values: str) -> list[Item]:
        return [Item("", "inserted", "", {"table": "t"}, {"values": values})]

    def found(fires: str = "", typed: str = "", tells: str = "") -> PlantedFacets:
        return PlantedFacets(tuple(fires.split()), tuple(typed.split()), tuple(tells.split()))

    assert facets(settings, bait, row(mail="mara@more.example", phone="+12025550123")) == found(
        "email", tells="phone"
    )
    assert facets(settings, bait, row(password="tulip-anchor", name="Mara Okonjo")) == found(
        tells="password name"
    )
    both = row(password="tulip-anchor", site="https://k3v9.own.example/")
    assert facets(settings, bait, both) == found("password host")
    nowhere = Bait(tokens=(Token("email", "mara@x.invalid", folds=True), *bait.tokens[2:3]), text="")
    assert facets(settings, nowhere, row(mail="mara@x.invalid")) == found(tells="email")
    beside = row(mail="mara@x.invalid", site="https://k3v9.own.example/")
    assert facets(settings, nowhere, beside) == found("host", "email"), "no mail arrives at it"
    assert facets(settings, bait, [Item("a", "created", "")]) == found()


def test_what_stands_there_in_base64_fires_as_well(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "secret.yaml"
    path.write_text("apiVersion: v1\nkind: Secret\ntype: Opaque\ndata:\n  SENDGRID_API_KEY: eA==\n")
    done = planted(home, str(path), "sendgrid-key")
    dead = planting.obstacle(home, done)
    assert dead is None or "no address of a trap" not in dead.says
    assert list(planting.trials(done))
