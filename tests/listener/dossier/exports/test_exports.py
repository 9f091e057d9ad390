"""The contract, for every exchange format in the folder."""

from __future__ import annotations

import pytest

from canaries.core import plugins
from listener.dossier import exports
from listener.dossier.exports import Exchange, ExchangeCase
from tests.listener.dossier.exports.conftest import EVENTS, REPORTED, made, with_facts

FOUND = plugins.classes(exports.FOLDER, Exchange)
FORMATS = sorted(FOUND)


def written(name: str, case: ExchangeCase) -> bytes:
    return b"".join(FOUND[name]().write(case))


def test_each_file_of_the_folder_is_a_format() -> None:
    assert {FOUND[name].name for name in FOUND} >= {
        "stix",
        "misp",
        "xarf",
        "arf",
        "ocsf",
        "ecs",
        "case",
        "indicators",
    }
    assert len(FOUND) == len(plugins.module_names(exports.FOLDER))
    assert len({kind.suffix for kind in FOUND.values()}) == len(FOUND)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_case_gives_the_same_bytes(exchanged: ExchangeCase, name: str) -> None:
    again = made("Example Ltd", "abuse@example.org")
    assert written(name, exchanged) == written(name, again)


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_text_does_nothing(exchanged: ExchangeCase, name: str) -> None:
    """ASCII only, no control character but line ends and tabs, none of them drawn by a visitor."""
    text = written(name, exchanged).decode("ascii")
    assert not {char for char in text if char < " "} - {"\n", "\t"}
    assert "\nBcc:" not in text
    assert "\\u202e" not in text.replace("\\\\u202e", ""), (
        "spelled out, not escaped: it would come back when read"
    )
    assert "\\u001b" not in text


@pytest.mark.parametrize("name", FORMATS)
def test_nobody_is_accused(exchanged: ExchangeCase, name: str) -> None:
    text = written(name, exchanged).decode().lower()
    assert not [
        word for word in ("threat-actor", "attacker", "suspect", "culprit", "latitude") if word in text
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_a_forwarding_header_is_nobodys_address(exchanged: ExchangeCase, name: str) -> None:
    assert b"192.0.2.200" not in written(name, exchanged)
    assert b"192[.]0[.]2[.]200" not in written(name, exchanged)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("hostile", ["", "x\ny: z", "\u202e<b>@@", "a@b\r\nBcc: c@d", "x@" + "y" * 300])
def test_settings_may_be_empty_or_strange(name: str, hostile: str) -> None:
    text = written(name, made(hostile, hostile)).decode("ascii")
    assert "\nBcc: c@d" not in text
    assert not {char for char in text if char < " "} - {"\n", "\t"}


@pytest.mark.parametrize("name", FORMATS)
def test_a_case_without_hits_is_no_crash(exchanged: ExchangeCase, name: str) -> None:
    empty = ExchangeCase(exchanged.name, "", "", exchanged.at, exchanged.size, (), {})
    assert isinstance(written(name, empty), bytes)


@pytest.mark.parametrize("name", FORMATS)
def test_the_operators_own_application_is_no_source_of_what_it_reported(name: str) -> None:
    """Its address is the peer of the connection by which it told of the use."""
    text = written(name, made("", "", [REPORTED]))
    assert b"192.0.2.80" not in text
    assert b"192[.]0[.]2[.]80" not in text


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"arf", "xarf", "indicators"}))
def test_what_is_marked_as_the_operators_own_says_so(name: str) -> None:
    rule = {"rule": "r", "mark": "pentest", "owner": "bob", "reason": "x"}
    marked = made("", "", [with_facts(EVENTS[0], operator_rule=rule)])
    plain = written(name, made("", "", EVENTS[:1]))
    assert b"pentest" not in plain
    assert b"pentest" in written(name, marked)
