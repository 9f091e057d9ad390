"""The words of Redis about commands that there are not, or that miss words; `tests.beside` has a server's own."""

from __future__ import annotations

import pytest

from listener.protocol import redis_commands


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([b"GET", b"a"], b""),
        ([b"get"], b"-ERR wrong number of arguments for 'get' command\r\n"),
        ([b"GET", b"a", b"b"], b"-ERR wrong number of arguments for 'get' command\r\n"),
        ([b"CLIENT"], b"-ERR wrong number of arguments for 'client' command\r\n"),
        ([b"CLIENT", b"SETNAME"], b"-ERR wrong number of arguments for 'client|setname' command\r\n"),
        ([b"Client", b"Foo"], b"-ERR unknown subcommand 'Foo'. Try CLIENT HELP.\r\n"),
        ([b"FOO", b"a\r\n"], b"-ERR unknown command 'FOO', with args beginning with: 'a' \r\n"),
    ],
)
def test_what_is_said_of_a_mistake(words: list[bytes], said: bytes) -> None:
    assert redis_commands.mistake(words) == said


def test_the_table_is_of_the_release_that_the_banner_names() -> None:
    assert {b"function|load", b"lcs", b"client|no-evict"} <= redis_commands.ARITIES.keys()
    assert len(redis_commands.ARITIES) > 350
