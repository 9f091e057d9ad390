"""A plug-in is found because it is in its folder."""

from __future__ import annotations

import pytest

from canaries import kinds
from canaries.core import plugins
from canaries.core.errors import NotFoundError
from canaries.kinds import Kind


def test_every_file_of_the_folder_gives_its_plugin() -> None:
    found = plugins.classes(kinds.FOLDER, Kind)
    assert {name.replace("-", "_") for name in found} == set(plugins.module_names(kinds.FOLDER))


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("aws", "did you mean: aws-key"),
        ("slack-bot-tokn", "did you mean: slack-bot-token"),
        ("zzz", "choose from: amqp-url, anthropic-key, "),
    ],
)
def test_an_unknown_name_gets_the_nearest_or_all(wrong: str, hint: str) -> None:
    with pytest.raises(NotFoundError, match=f"no kind called '{wrong}'") as caught:
        plugins.pick(kinds.FOLDER, Kind, wrong, "kind")
    assert str(caught.value.hint).startswith(hint)


def test_one_that_is_picked_alone_is_the_one_that_is_found_among_all(monkeypatch: pytest.MonkeyPatch) -> None:
    found = plugins.classes(kinds.FOLDER, Kind)
    monkeypatch.setattr(plugins, "_found", {})
    alone = {name: plugins.pick(kinds.FOLDER, Kind, name, "kind") for name in found}  # type: ignore[type-abstract]
    assert alone == found
