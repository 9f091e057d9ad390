"""OpenVPN's profiles: a gateway that was in use before, commented out (openvpn(8), ``remote``)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from canaries.plant.formats import Wish
from canaries.plant.formats._own_words import OwnWords


class OpenvpnProfileFormat(OwnWords):
    name = "openvpn-profile"
    title = "an OpenVPN profile"
    needs = "an OpenVPN gateway (openvpn)"
    names = r".+\.ovpn"
    beside = r"^[ \t]*remote\b"

    def lines(self, roles: Mapping[str, str], wish: Wish) -> list[str]:
        found = re.search(r"^remote \S+ \d+.*$", wish.values.text, re.MULTILINE)
        return [found[0]] if found and wish.values.kind == "openvpn" else []
