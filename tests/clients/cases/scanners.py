"""Scanners that try what they find: with them a stolen folder fires while nobody has done anything yet but look."""

from __future__ import annotations

from pathlib import Path

from tests.clients.case import Intruder, case


def _kingfisher(it: Intruder, number: int) -> None:
    """Its guard against addresses of one's own network is lifted: here the listener is on loopback."""
    (it.home / "loot.env").write_text(it.text)
    clients = Path(it.programs["NODE_PATH"]).parent.parent
    options = ["--confidence", "low", "--allow-internal-ips", "--no-update-check"]
    it.run(
        "python",
        "-m",
        "kingfisher",
        "scan",
        "loot.env",
        *options,
        seconds=60,
        PYTHONPATH=str(clients / f"kingfisher{number}"),
    )


@case("Kingfisher 1", "kingfisher1", "postgres-url", "password", how="validates what it finds", named=True)
def kingfisher1_postgres(it: Intruder) -> None:
    _kingfisher(it, 1)


@case("Kingfisher 1", "kingfisher1", "mysql", "host", how="validates what it finds", named=True, by_name=True)
def kingfisher1_mysql(it: Intruder) -> None:
    _kingfisher(it, 1)


@case("Kingfisher 1", "kingfisher1", "amqp-url", "password", how="validates what it finds", named=True)
def kingfisher1_amqp(it: Intruder) -> None:
    _kingfisher(it, 1)


@case("Kingfisher 1", "kingfisher1", "redis-url", "password", how="validates what it finds", named=True)
def kingfisher1_redis(it: Intruder) -> None:
    _kingfisher(it, 1)


@case(
    "Kingfisher 1",
    "kingfisher1",
    "mongodb-url",
    "host",
    how="validates what it finds",
    named=True,
    by_name=True,
)
def kingfisher1_mongodb(it: Intruder) -> None:
    _kingfisher(it, 1)


@case(
    "Kingfisher 2",
    "kingfisher2",
    "mongodb-url",
    "host",
    how="validates what it finds",
    named=True,
    by_name=True,
)
def kingfisher2_mongodb(it: Intruder) -> None:
    _kingfisher(it, 2)


@case("Kingfisher 1", "kingfisher1", "jwt", how="asks no issuer without TLS", named=True, by_name=True)
def kingfisher1_jwt(it: Intruder) -> None:
    _kingfisher(it, 1)
