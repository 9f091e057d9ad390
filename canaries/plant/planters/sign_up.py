"""Bait as an account in an application, through its own sign-up, by a recipe that the operator wrote."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from canaries.core.errors import PlantError
from canaries.ledger.entries import canonical
from canaries.plant.planters import Done, Item, Plan, Planter, PlantingRequest, Removal, State
from canaries.plant.sign_up import recipe
from canaries.plant.sign_up.carrying_out import carry_out

if TYPE_CHECKING:
    from canaries.core.model import Canary
    from canaries.plant.sign_up.recipe import Recipe

_REMAINS = "the application's logs, mails and backups keep what was signed up"
_OPENS = "the bait's own password opens this account: whoever finds the bait is in the application"


class SignUpPlanter(Planter):
    """Carries out the recipe's steps with the values of the bait's row."""

    name = "sign-up"
    title = f"a recipe for an application's own sign-up (NAME{recipe.SUFFIX})"
    rank = 5

    def accepts(self, target: str) -> bool:
        return target.endswith(recipe.SUFFIX) and Path(target).is_file()

    def plan(self, request: PlantingRequest) -> Plan:
        found = recipe.read(Path(request.target))
        row = request.bait.row
        if not row:
            raise PlantError(
                "this bait is nobody who could sign up", hint="kinds such as 'user' are; see: trapline kinds"
            )
        taken = {name for one in found.step for name in one.take}
        known = {*row, *request.values, "password", "bait_password", *taken}
        if unknown := sorted(
            name for name in found.used if name not in known and not name.startswith("env:")
        ):
            raise PlantError(
                f"{found.path.name} names {{{unknown[0]}}}, which this bait does not have",
                hint=f"it has: {', '.join(sorted(row))}",
            )
        if "bait_password" in found.used and "password" not in row:
            raise PlantError(
                "this bait has no password of its own", hint="mint it without --set password_hash"
            )
        shown = {name: value for name, value in row.items() if name in found.used - {"password"}}
        if "bait_password" in found.used:
            shown["password"] = row["password"]
        item = Item(
            where=found.application,
            how="inserted",
            sha256=hashlib.sha256(canonical(shown)).hexdigest(),
            row={"recipe": found.path.name},
            memory={"recipe": str(found.path), "values": shown, "more": dict(request.values)},
        )
        what = ", ".join(sorted(shown)) or "nothing of the bait"
        steps = (f"sign up at {found.application} by {found.path.name}, with {what}",)
        warnings = [_OPENS] if "bait_password" in found.used else []
        if not found.check:
            warnings.append("the recipe has no [[check]]: nobody will notice when the account is gone")
        if not found.remove:
            warnings.append("the recipe has no [[remove]]: the account is to be removed by hand")
        values = {
            **row,
            **request.values,
            "password": secrets.token_urlsafe(24),
            "bait_password": row.get("password", ""),
        }

        def put() -> Done:
            carry_out(found.step, values)
            return Done((item,), lambda: _remove(found, item))

        return Plan(found.application, steps, (item,), put, tuple(warnings))

    def look(self, item: Item) -> tuple[State, str]:
        try:
            found = recipe.read(Path(item.memory["recipe"]))
        except PlantError as error:
            return State.UNREACHABLE, error.sentence
        if not found.check:
            return State.UNREACHABLE, "the recipe has no [[check]]"
        try:
            carry_out(found.check, {**item.memory["values"], **item.memory["more"]})
        except PlantError as error:
            gone = (
                "answered" in error.sentence
                or "ended with" in error.sentence
                or "finds nothing" in error.sentence
            )
            return State.GONE if gone else State.UNREACHABLE, error.sentence
        return State.THERE, ""

    def take_back(self, items: Sequence[Item], canary: Canary, planted_at: str) -> Removal:
        (item,) = items
        found = recipe.read(Path(item.memory["recipe"]))
        if not found.remove:
            raise PlantError("the recipe has no [[remove]]", hint="remove the account by hand")

        def nothing() -> None:
            raise PlantError("the account was removed and is not made again by itself")

        return Removal(
            (f"remove the account at {item.where} by {found.path.name}",),
            lambda: _remove(found, item),
            nothing,
            (_REMAINS,),
        )


def _remove(found: Recipe, item: Item) -> None:
    if not found.remove:
        raise PlantError(
            "the account that was made stays: the recipe has no [[remove]]", hint="remove it by hand"
        )
    carry_out(found.remove, {**item.memory["values"], **item.memory["more"]})
