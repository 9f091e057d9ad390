"""The variables of a CI project as an export, with several canaries in it."""

from __future__ import annotations

import json
from typing import ClassVar

from canaries.core import plugins
from canaries.core.model import Bait, BaitFile, Token
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import FOLDER, Kind, NoOptions, Order

_CARRIED = ("gitlab-token", "stripe-key", "digitalocean-token", "sendgrid-key", "openai-key")
"""Kinds whose text is plain variables; which of them, and in which order, is drawn."""


class CiVariables(Kind):
    name: ClassVar[str] = "ci-variables"
    service: ClassVar[str] = "app"
    title: ClassVar[str] = "A CI project's variables as JSON, with several canaries in them"
    fired_by: ClassVar[str] = (
        "Whatever fires the canaries it carries (see theirs); its own token is the deploy hook, fired by whoever "
        "calls it. Nothing fires by reading the file."
    )
    plant_hint: ClassVar[str] = (
        "Beside a project's backup or in an admin's notes; or paste the values into the CI itself."
    )
    try_hint: ClassVar[str] = "curl -X POST -H 'X-Hook-Token: {secret}' {url}/hooks/deploy"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        secret = stream.text("hook", BASE62, 32)
        known = plugins.classes(FOLDER, Kind)  # type: ignore[type-abstract]
        first = stream.below("first", len(_CARRIED))
        names = [_CARRIED[(first + step) % len(_CARRIED)] for step in range(3)]
        parts = [(name, known[name]().mint(order.part(name), known[name].Options())) for name in names]
        pairs = [("DEPLOY_HOOK_URL", f"{site.url}/hooks/deploy"), ("DEPLOY_HOOK_TOKEN", secret)]
        for _, part in parts:
            pairs += [
                (name, value) for name, _, value in (line.partition("=") for line in part.text.splitlines())
            ]
        variables = [
            {"variable_type": "env_var", "key": key, "value": value, "protected": True, "masked": True}
            for key, value in pairs
        ]
        text = json.dumps(variables, indent=2) + "\n"
        return Bait(
            (Token("secret", secret), *site.tokens),
            text,
            files=(BaitFile("variables.json", text.encode()),),
            row={"secret": secret, "url": site.url, "host": site.host},
            parts=tuple(parts),
            stem="deploy",
        )
