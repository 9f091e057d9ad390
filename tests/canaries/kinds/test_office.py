"""What office documents share: a picture more, whatever the file had before, and a name for what it is about."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from canaries.content.packages import unpack
from canaries.core import plugins
from canaries.core.errors import MintError
from canaries.kinds import FOLDER, Kind, NoOptions, Order
from canaries.kinds._office import OfficeDocument

OFFICE = sorted(
    name for name, kind in plugins.classes(FOLDER, Kind).items() if issubclass(kind, OfficeDocument)
)


@pytest.mark.parametrize("name", OFFICE)
def test_bait_made_of_bait_loads_both_pictures(name: str, order: Callable[..., Order]) -> None:
    kind = plugins.classes(FOLDER, Kind)[name]()
    first = kind.mint(order(number=1), NoOptions())
    if name == "xlsx":  # its one sheet has a drawing already
        with pytest.raises(MintError, match="no sheet that can carry a picture"):
            kind.mint(replace(order(number=2), source=first.files[0].content), NoOptions())
        return
    second = kind.mint(replace(order(number=2), source=first.files[0].content), NoOptions())
    text = "".join(
        part.decode(errors="replace") for part in unpack(second.files[0].content, "document").values()
    )
    assert first.row["url"] in text
    assert second.row["url"] in text


@pytest.mark.parametrize("name", OFFICE)
def test_the_file_is_named_for_what_it_is_about(name: str, order: Callable[..., Order]) -> None:
    bait = plugins.classes(FOLDER, Kind)[name]().mint(order(), NoOptions())
    assert bait.files[0].path.endswith(f".{name}")
