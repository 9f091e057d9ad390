""".pypirc: the token is a macaroon of the index's own form."""

from __future__ import annotations

import base64
import configparser
import json
import re
from collections.abc import Callable

from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_the_token_is_a_macaroon_of_the_length_scanners_want(mint: Mint) -> None:
    for number in range(20):
        secret = mint("pypirc", number=number).tokens[0].value
        assert secret.startswith("pypi-AgEIcHlwaS5vcmcCJ")
        body = secret.removeprefix("pypi-")
        assert 150 <= len(body) <= 180
        plain = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        caveat = re.search(rb"\[3,.*?\]", plain)
        assert caveat
        assert re.fullmatch(r"[0-9a-f-]{36}", json.loads(caveat[0])[1])


def test_the_file_reads_as_configuration(mint: Mint) -> None:
    bait = mint("pypirc")
    parser = configparser.ConfigParser()
    parser.read_string(bait.files[0].content.decode())
    assert parser["internal"]["password"] == bait.tokens[0].value
    assert parser["internal"]["username"] == "__token__"


def test_tried_as_the_hint_says_the_token_arrives(tried: Callable[[str], tuple[Bait, list[str]]]) -> None:
    bait, requests = tried("pypirc")
    assert bait.tokens[0].value in " ".join(requests)
