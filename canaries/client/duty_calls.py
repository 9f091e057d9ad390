"""The client's part for whoever is on duty: rules, channels, legal holds, and how every part is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from canaries.client.calls import ApiCalls, part, shaped
from canaries.client.values import RemotePart, RemoteRule


class DutyCalls(ApiCalls):
    """What keeps alerts going, and what keeps them quiet."""

    def health(self) -> list[RemotePart]:
        """How every part is now."""
        said = self._transport.json("GET", "/health")
        return shaped(lambda: [RemotePart.of(one) for one in said["parts"]])

    def on_duty(self) -> list[str]:
        """Names of who is on duty now, by the table of the server's settings."""
        return [str(one["name"]) for one in self._items("/duty") if one["on_duty"]]

    def rules(self) -> Iterator[RemoteRule]:
        """Rules that mark hits as the operator's own, the narrowest first."""
        return (shaped(RemoteRule.of, said) for said in self._items("/rules"))

    def rule(self, rule_id: str) -> RemoteRule:
        """One, with the ETag for reviewing it."""
        return shaped(RemoteRule.of, *self._transport.tagged("GET", f"/rules/{part(rule_id)}"))

    def propose_rule(self, incident_id: str) -> Mapping[str, Any]:
        """``networks``, ``client`` and ``canaries`` of a rule for what is like an incident's newest hit."""
        return self._transport.json("GET", f"/incidents/{part(incident_id)}/rule")

    def add_rule(
        self,
        reason: str,
        *,
        mark: str = "own",
        networks: Sequence[str] = (),
        client: str = "",
        canary: str = "",
        lasting: str = "90d",
        owner: str = "",
    ) -> RemoteRule:
        """Mark hits from now on: all that is given must apply. ``mark``: ``own`` or ``mute``."""
        body: dict[str, Any] = {"mark": mark, "networks": list(networks), "client": client, "owner": owner}
        body |= {"lasting": lasting, "reason": reason} | ({"canary": canary} if canary else {})
        return shaped(RemoteRule.of, *self._transport.tagged("POST", "/rules", json=body))

    def review_rule(self, rule: RemoteRule, lasting: str, reason: str) -> RemoteRule:
        """Let it go on until then, under your name."""
        body, headers = {"lasting": lasting, "reason": reason}, {"If-Match": rule.etag}
        path = f"/rules/{part(rule.id)}"
        return shaped(RemoteRule.of, *self._transport.tagged("PATCH", path, json=body, headers=headers))

    def end_rule(self, rule_id: str, reason: str) -> None:
        """End it before its time."""
        self.call("POST", f"/rules/{part(rule_id)}/end", {"reason": reason})

    def channels(self) -> Iterator[Mapping[str, Any]]:
        """Channels and how each stands."""
        return self._items("/channels")

    def try_channel(self, name: str) -> str:
        """Send a test alert now; what the receiver said."""
        said = self._transport.json("POST", f"/channels/{part(name)}/test")
        return shaped(lambda: str(said["receipt"]))

    def retry(self, name: str) -> int:
        """Send what waits or is held at once; how many alerts."""
        said = self._transport.json("POST", f"/channels/{part(name)}/retry")
        return shaped(lambda: int(said["alerts"]))

    def give_up(self, name: str, reason: str) -> int:
        """Erase what waits or is held for a channel; how many alerts."""
        said = self._transport.json("POST", f"/channels/{part(name)}/give-up", json={"reason": reason})
        return shaped(lambda: int(said["alerts"]))

    def holds(self) -> Iterator[Mapping[str, Any]]:
        """Legal holds that stand."""
        return self._items("/holds")

    def place_hold(
        self, owner: str, until: str, reason: str, *, incident: str = "", canary: str = ""
    ) -> Mapping[str, Any]:
        """Keep an incident, or a canary with all its hits, from erasure until its owner looks at it (a date)."""
        of = {"incident": incident} if incident else {"canary": canary}
        body = {**of, "owner": owner, "until": until, "reason": reason}
        return self._transport.json("POST", "/holds", json=body)

    def review_hold(self, hold_id: str, until: str, reason: str) -> Mapping[str, Any]:
        """Let it go on until another date."""
        path = f"/holds/{part(hold_id)}"
        headers = {"If-Match": self._transport.tagged("GET", path)[1]}
        return self._transport.json("PATCH", path, json={"until": until, "reason": reason}, headers=headers)

    def release_hold(self, hold_id: str, reason: str) -> None:
        """Lift it."""
        path = f"/holds/{part(hold_id)}"
        self.call("POST", f"{path}/release", {"reason": reason}, self._transport.tagged("GET", path)[1])
