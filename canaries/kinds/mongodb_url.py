"""The URL of a MongoDB server, with its password."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from canaries.core.model import Bait
from canaries.kinds import Kind, Order
from canaries.kinds._databases import LoginOptions, login


@dataclass(frozen=True, slots=True)
class MongodbUrlOptions(LoginOptions):
    """What ``--set`` may set."""

    mechanism: Literal["plain", "default"] = "plain"
    """``plain``: the URL asks for PLAIN, as servers with LDAP need it, and the password comes in clear.
    ``default``: the client proves the password without showing it, so the user name is a unique one."""


class MongodbUrl(Kind):
    name: ClassVar[str] = "mongodb-url"
    traps: ClassVar[tuple[str, ...]] = ("mongodb",)
    title: ClassVar[str] = "A MongoDB URL with its password"
    fired_by: ClassVar[str] = (
        "pymongo, mongosh, the node driver and scanners that check what they find: with authMechanism=PLAIN the "
        "password comes in clear where a trap speaks MongoDB there, with driver, system and kernel of the client; with "
        "mechanism=default the unique user name and a proof."
    )
    plant_hint: ClassVar[str] = "In a .env, a compose file, or the settings of a service or of a backup job."
    try_hint: ClassVar[str] = (
        'python -c "import pymongo; '
        "print(pymongo.MongoClient('{url}').get_default_database().list_collection_names())\""
    )
    Options: ClassVar[type[Any]] = MongodbUrlOptions

    def mint(self, order: Order, options: MongodbUrlOptions) -> Bait:
        if options.mechanism == "default" and not options.user:
            options = replace(options, unique_user=True)
        made = login(order, options, "mongodb", 27017)
        query = (
            "authSource=%24external&authMechanism=PLAIN"
            if options.mechanism == "plain"
            else "authSource=admin"
        )
        url = f"mongodb://{made.authority(27017)}/{made.database}?{query}"
        return Bait(made.tokens, f"MONGODB_URI={url}\n", row=made.row(url))
