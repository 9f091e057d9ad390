"""An announced text matches its copies, and no other message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.sensors.wording_match import GAP, fits, has_words, plain, text_of_html

TEXT = "Hello {first name},\nICE is at 5th and Main. Map: https://alerts.example/m/1\nStop: {link}"


@pytest.mark.parametrize(
    "message",
    [
        "Hello June,\nICE is at 5th and Main. Map: https://alerts.example/m/1\nStop: https://x.example/u/8af",
        "hello  Tomas Lind, ICE is at 5th and Main.\r\nMap: https://alerts.example/m/1 Stop: x",
        "Hello ,\nICE is at 5th and Main. Map: https://alerts.example/m/1\nStop:",
    ],
)
def test_a_copy_for_one_recipient_fits(message: str) -> None:
    assert fits(TEXT, message)


@pytest.mark.parametrize(
    "message",
    [
        "Hello June,\nICE is at 6th and Main. Map: https://alerts.example/m/1\nStop: x",
        "Hello June,\nICE is at 5th and Main. Map: https://evil.example/m/1\nStop: x",
        f"Hello {'x' * (GAP + 5)},\nICE is at 5th and Main. Map: https://alerts.example/m/1\nStop: x",
        f"Hello June,\nICE is at 5th and Main. Map: https://alerts.example/m/1\nStop: {'x' * (GAP + 5)}",
        "Turn yourself in. Hello June,\nICE is at 5th and Main. Map: https://alerts.example/m/1\nStop: x",
        "",
    ],
)
def test_another_message_does_not(message: str) -> None:
    assert not fits(TEXT, message)


def test_without_a_placeholder_it_is_the_same_or_not() -> None:
    assert fits("All clear", " ALL\n clear ")
    assert not fits("All clear", "All clear now")
    assert fits("{name}", "x" * GAP)
    assert not fits("{name}", "x" * 3 * GAP)


def test_html_is_its_text() -> None:
    page = "<html><style>p {color: red}</style><p>All&nbsp;clear</p><script>1</script></html>"
    assert plain(text_of_html(page)) == "all clear"


@given(st.text(max_size=200), st.text(max_size=60))
def test_a_text_without_braces_fits_itself_and_nothing_longer(text: str, more: str) -> None:
    text = text.replace("{", "").replace("}", "")
    assert fits(text, text)
    if plain(text + more) != plain(text):
        assert not fits(text, text + more)


@pytest.mark.parametrize(
    ("text", "has"), [("{name}", False), (" {a}\n{b} ", False), ("{a}!", True), ("", False)]
)
def test_words_are_what_stands_beside_the_placeholders(text: str, has: bool) -> None:
    assert has_words(text) is has
