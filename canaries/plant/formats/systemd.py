"""systemd's units: an environment variable more, under a name that nothing looks up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.core.text import counted
from canaries.plant.formats import Composition, Wish
from canaries.plant.formats._lines import after
from canaries.plant.formats._names import labelled
from canaries.plant.formats._sections import SectionFormat
from canaries.plant.formats._text import Document


class SystemdFormat(SectionFormat):
    """systemd.exec(5), ``Environment=``: C-style quotes, ``%`` and ``$`` are doubled or left out."""

    name = "systemd"
    title = "a systemd unit"
    rank = 40
    comment: ClassVar[str] = "#"
    folding: ClassVar[bool] = False
    colon: ClassVar[bool] = False
    needs = "a [Service] section and a setting with a name"

    def claims(self, document: Document) -> bool:
        name = document.name.lower()
        unit = name.endswith((".service", ".socket", ".timer", ".container"))
        return unit or (
            name.endswith(".conf") and document.path.parent.name.endswith((".service.d", ".timer.d"))
        )

    def assign(self, name: str, text: str) -> str:
        return f'Environment="{name}={text}"'

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        found = self.sections(document.text)
        service = next((one for one in found if one.name in ("Service", "Container")), None)
        values = wish.values.values
        if service is None or not values or any(re.search(r'["\\]', value.text) for value in values):
            return
        keys = re.findall(r"^Environment=\"?([A-Za-z_]\w*)=", document.text, re.MULTILINE)
        label = wish.label(lambda word: any(labelled(v.name, word, "upper") in keys for v in values))
        plain = bool(re.search(r"^Environment=[A-Za-z_]", document.text, re.MULTILINE))
        lines = []
        for value in values:
            text = f"{labelled(value.name, label, 'upper')}={value.text.replace('%', '%%')}"
            lines.append(
                f"Environment={text}" if plain and not re.search(r"[\s']", text) else f'Environment="{text}"'
            )
        near = [one for one in service.settings if one.key in ("Environment", "EnvironmentFile")]
        anchor = near[-1] if near else service.settings[0] if service.settings else None
        at = anchor.end if anchor else service.end
        yield Composition(
            (after(document.text, at, lines),),
            f"as {counted(len(lines), 'variable')} of the service, after {anchor.key if anchor else 'its heading'}",
            ("systemd sees it at the next daemon-reload and restart",),
        )
