"""Planted people against their neighbours: a classifier that knows which are which."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from canaries.content import people
from canaries.core.errors import PlantError
from canaries.core.settings import BaitSettings
from canaries.crypto.seeded_random import SeededRandom
from canaries.kinds import Order
from canaries.kinds.user import User, UserOptions
from canaries.plant import fitting
from canaries.plant.planters import PlantingRequest
from canaries.plant.planters.database import DatabasePlanter
from canaries.plant.realism import auc, judge
from tests.canaries.plant.hosts import HOSTS, Host, stamp

OWN = tuple(
    f"{name}.net"
    for name in "harborline kestrel-mail brifo oakmere fwick quaypost tidewellnorth moab".split()
)
SETTINGS = BaitSettings("https://{label}.harborline.net", OWN[0], OWN[1:])
NO_TIMES, NO_HOSTS = frozenset({"times"}), frozenset({"times", "hosts"})


def fitted(marks: set[str]) -> Callable[[Host, dt.datetime], None]:
    """Plants as `trapline plant user` does; each one's address goes into ``marks``."""

    def plant(host: Host, now: dt.datetime) -> None:
        chance = random.Random(f"{host.name} {now}")
        for _ in range(9):
            fit = fitting.fit(host.target, "", SETTINGS, chance)
            seed = SeededRandom(chance.randbytes(32))
            order = Order(seed, SETTINGS.base_url, OWN[0], "en_US", "2026-01-01", mail_domains=OWN)
            options: dict[str, Any] = dict(fit.options)
            bait = User().mint(order, UserOptions(**options))
            asked = PlantingRequest(bait, host.target, now, chance=chance, like=fit.like)
            with contextlib.suppress(PlantError):  # a namesake
                DatabasePlanter().plan(asked).put()
                marks.add(bait.row["email"])
                return
        raise AssertionError("nobody could be planted")

    return plant


def column_wise(marks: set[str]) -> Callable[[Host, dt.datetime], None]:
    """As release 0.1 planted: each column by itself, an unguessable mailbox, what varies left NULL. The control."""
    import sqlite3

    def plant(host: Host, now: dt.datetime) -> None:
        chance = random.Random(f"{host.name} {now}")
        stream = SeededRandom(chance.randbytes(32))
        person = people.draw(stream, "en_US", 2026)
        email = f"{people.mailbox(stream, person, 21)}@{OWN[0]}"
        row: dict[str, Any] = {
            "email": email,
            "username": person.user_name,
            "password": "pbkdf2_sha256$10$x$y",
        }
        row |= {
            "first_name": person.first,
            "last_name": person.last,
            "is_superuser": 0,
            "is_staff": 0,
            "is_active": 1,
        }
        connection = sqlite3.connect(host.path)
        row["date_joined"] = stamp(now)
        connection.execute(
            f"INSERT INTO {host.table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
            list(row.values()),
        )
        connection.commit()
        connection.close()
        marks.add(email)

    return plant


def figures(
    host: Host, folder: Path, plant: Callable[[set[str]], Any], count: int, planted: int
) -> list[float]:
    """AUC with everything, without ids and times, without these and the hosts of addresses."""
    marks: set[str] = set()
    filled = dataclasses.replace(host)
    filled.fill(folder / f"{host.name}.db", count, plant(marks), planted)
    rows = filled.people()
    truth = [row["email"] in marks for row in rows]
    assert sum(truth) == planted
    found = [judge(rows, truth, without) for without in (frozenset[str](), NO_TIMES, NO_HOSTS)]
    for one in found:
        print(f"{host.name}: AUC {one.auc:.3f}, dropped {one.dropped:.1%}, tells {one.tells}")
    return [one.auc for one in found]


@pytest.mark.parametrize("name", ["discourse", "custom"])
def test_planted_people_are_hardly_told_from_the_others(name: str, tmp_path: Path) -> None:
    """Few rows, so that it is quick; all six tables in the long run. The host of the address is told apart: own domains
    among providers' are the mark that stays."""
    host = next(one for one in HOSTS if one.name == name)
    *_, rows_alone = figures(host, tmp_path, fitted, 600, 24)
    assert rows_alone <= 0.70


def test_the_old_way_is_found_at_once(tmp_path: Path) -> None:
    """The control: a test in which nothing can be found would show nothing."""
    django = next(one for one in HOSTS if one.name == "django")
    *_, rows_alone = figures(django, tmp_path, column_wise, 400, 10)
    assert rows_alone >= 0.95


@pytest.mark.soak
@pytest.mark.parametrize("host", HOSTS, ids=[one.name for one in HOSTS])
def test_all_six_tables(host: Host, tmp_path: Path) -> None:
    *_, rows_alone = figures(host, tmp_path, fitted, 2000, 20)
    assert rows_alone <= 0.65


def test_the_area_under_the_curve() -> None:
    truth = np.array([True, True, False, False])
    assert auc(np.array([4.0, 3.0, 2.0, 1.0]), truth) == 1
    assert auc(np.array([1.0, 2.0, 3.0, 4.0]), truth) == 0
    assert auc(np.array([1.0, 1.0, 1.0, 1.0]), truth) == 0.5
    assert auc(np.array([3.0, 1.0, 2.0, 0.0]), truth) == 0.75


def test_one_mark_is_enough_to_be_found_and_is_named() -> None:
    rows = [{"note": "x" * (number % 7)} for number in range(200)]
    planted = [number % 20 == 0 for number in range(200)]
    for row, bait in zip(rows, planted, strict=True):
        row["note"] += "yyyyyyyyy" if bait else ""
    found = judge(rows, planted)
    assert found.auc == 1
    assert found.dropped == pytest.approx(0.045)
    assert ("note length", 1.0) in found.tells


def test_where_nothing_differs_nothing_is_found() -> None:
    assert judge([{"a": 1}] * 100, [number < 5 for number in range(100)]).auc == 0.5


def test_too_few_rows_give_no_figure() -> None:
    with pytest.raises(PlantError, match="3 planted rows among 100 are too few"):
        judge([{"a": 1}] * 100, [number < 3 for number in range(100)])
