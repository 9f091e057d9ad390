"""Which imitated services answer a request: those that live bait needs, where that bait leads.

    an address of bait: its id in the path, or its label in the host name    every persona that live bait needs
    the bare name of `[bait] base_url`, where that has no label in it        of these, what bait without a path needs
    `[traps.http] personas`                                                  what the operator opened, on any address
    anywhere else                                                            the host's own answers alone

Nothing here knows a token. Whether an id or a label can be of this installation the sieve says
(`canaries.crypto.sieve`), so a made-up one finds nothing, as on a real gateway. Bait of a kind that no persona of this
process has heard of opens all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from canaries.core import plugins
from canaries.core.errors import SettingsError
from canaries.kinds import FOLDER as KINDS
from listener.personas import FOLDER as PERSONAS
from listener.personas import Answer, Persona, Request
from listener.protocol.identity import Identity

ALL = "all"

LiveKinds = Callable[[], frozenset[str] | None]


class _UnknownPaths(Persona):
    """What no service claims and yet stands below the prefix of one's API: that service's own refusal.

    Where several have the prefix it is the one whose credential is shown, else the first.
    """

    name = "other path"
    order = 890

    def __init__(self, identity: Identity, services: Sequence[Persona]) -> None:
        super().__init__(identity)
        self._services = [one for one in services if not one.host_itself]
        prefixes = [one.prefix.pattern for one in self._services if one.prefix is not None]
        self._prefixes = re.compile("|".join(prefixes) or r"(?!)")
        self._others = [one for one in self._services if one.prefix is None and not one.prefixless]

    def claims(self, request: Request) -> bool:
        return bool(self._prefixes.match(request.service_path)) or any(
            one.serves(request) for one in self._others
        )

    def answer(self, request: Request) -> Answer:
        serving = [one for one in self._services if one.serves(request)]
        service = next((one for one in serving if one.shows_token(request)), serving[0])
        said = service.unknown(request)
        return replace(said, name=f"of {service.name}")


class _Open:
    """The personas that are open at an address, in their order."""

    def __init__(self, personas: Sequence[Persona]) -> None:
        self.all = personas
        named = {segment for one in personas for segment in one.segments}
        self._of = {
            segment: [one for one in personas if not one.segments or segment in one.segments]
            for segment in named
        }
        self._others = [one for one in personas if not one.segments]

    def that_may_claim(self, service_path: str) -> Sequence[Persona]:
        return self._of.get(service_path[1:].partition("/")[0], self._others)


class OpenServices:
    """Of one HTTP trap."""

    def __init__(
        self,
        identity: Identity,
        live: LiveKinds,
        *,
        by_hand: Iterable[str] = (),
        bare_host: str = "",
    ) -> None:
        """``live``: the kinds of live bait, None where not known. ``by_hand``: names of personas. ``bare_host``:
        of a base URL without a label. Raises SettingsError where there is no such persona."""
        found = plugins.classes(PERSONAS, Persona).values()  # type: ignore[type-abstract]
        in_order = sorted(found, key=lambda kind: (kind.order, kind.name))
        personas: Sequence[Persona] = [kind(identity) for kind in in_order]
        self._personas, self._identity, self._live, self._bare_host = personas, identity, live, bare_host
        names = {persona.name for persona in personas}
        for name in by_hand:
            if name not in names | {ALL}:
                hint = f"choose from: {ALL}, {', '.join(sorted(names))}"
                raise SettingsError(f"traps.http.personas: there is no persona {name!r}", hint=hint)
        self._by_hand = names if ALL in by_hand else frozenset(by_hand)
        self._known = {name.replace("_", "-") for name in plugins.module_names(KINDS)}
        self._known |= {kind for persona in personas for kind in persona.kinds}
        self._counted: frozenset[str] | None = frozenset()
        self._lists = self._listed(self._counted)

    def at(self, request: Request) -> Sequence[Persona]:
        """The personas that are open at the address of ``request``, in their order."""
        return self._open(request).all

    def to_ask(self, request: Request) -> Sequence[Persona]:
        """Of these, those that may claim its path (`Persona.segments`)."""
        return self._open(request).that_may_claim(request.service_path)

    def _open(self, request: Request) -> _Open:
        live = self._live()
        if live != self._counted:
            self._counted, self._lists = live, self._listed(live)
        everywhere, bare, baited = self._lists
        if request.baited(self._identity):
            return baited
        return bare if self._bare_host and request.hostname == self._bare_host else everywhere

    def alone(self, request: Request) -> bool:
        """Whether nobody but the host itself answers there."""
        return all(persona.host_itself for persona in self.at(request))

    def _listed(self, live: frozenset[str] | None) -> tuple[_Open, ...]:
        if live is None:
            return (_Open(self._with_unknown(self._personas)),) * 3
        by_hand, unknown = self._by_hand, not live <= self._known
        everywhere = [one for one in self._personas if one.host_itself or one.name in by_hand]
        bare = [one for one in self._personas if one in everywhere or unknown or one.bare & live]
        baited = [one for one in self._personas if one in bare or one.any_bait or unknown or one.kinds & live]
        return tuple(_Open(self._with_unknown(some)) for some in (everywhere, bare, baited))

    def _with_unknown(self, personas: Sequence[Persona]) -> Sequence[Persona]:
        if all(one.host_itself for one in personas):
            return personas
        unknown = _UnknownPaths(self._identity, personas)
        return sorted((*personas, unknown), key=lambda one: one.order)
