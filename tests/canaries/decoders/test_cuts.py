"""Words are cut in every way a token can stand in text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.decoders import LONGEST, Layer, candidates


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("key=AB/CD+EFGHIJKL==&x", "AB/CD+EFGHIJKL=="),
        ("key=ABCD-EFGH_IJKL", "ABCD-EFGH_IJKL"),
        ("SG.abcdefgh.ijklmnop:", "SG.abcdefgh.ijklmnop"),
        ("https://h/abcdefghijkl/x", "abcdefghijkl"),
        ("<Ann.K7@Mail.example.NET>", "ann.k7@mail.example.net"),
        ("host is Lab7.Example.Net.", "lab7.example.net"),
        ("https://bucket.Lab7q2.Example.Net:8443/x", "lab7q2.example.net"),
        ("postgres://u:abc@a.b.lab7.example.net/x", "lab7.example.net"),
        (
            "SHA256:xMyMjiAj2aRPf1GY7os5ppomZx/rMABjf+h9MEFhqg0 ok",
            "SHA256:xMyMjiAj2aRPf1GY7os5ppomZx/rMABjf+h9MEFhqg0",
        ),
        ("GET /bot6133731494:AA2sTwZ-QzxoYcPkqomP1MpJ_2/getMe", "6133731494:AA2sTwZ-QzxoYcPkqomP1MpJ_2"),
        ("a=XuB8Q~3-BlIpQIK.nh.eGoPKdfxig0xrtNNTGDEi;", "XuB8Q~3-BlIpQIK.nh.eGoPKdfxig0xrtNNTGDEi"),
        ("AUTH V3sWcel!k!RGRAE5ZDZtw\r\n", "V3sWcel!k!RGRAE5ZDZtw"),
        (
            "https://a.example/8qa2MXKMMljHqv5j2Xd8Az2SSDqdWhhF66Sp/2bT",
            "8qa2MXKMMljHqv5j2Xd8Az2SSDqdWhhF66Sp/2bT",
        ),
        ("GET /neftzIV1iRPWJ0Qrcs9zcHxH4nTZwmjC2u1JF/j/ HTTP", "neftzIV1iRPWJ0Qrcs9zcHxH4nTZwmjC2u1JF/j/"),
        ("x" * 5000 + " abcdefghijkl9", "abcdefghijkl9"),
    ],
)
def test_cuts(text: str, token: str) -> None:
    assert token.encode() in candidates(Layer(text.encode()))


@pytest.mark.parametrize("first", ["", "/", "+"])
@pytest.mark.parametrize("last", ["", "/", "+"])
@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "KEY={}",
        '"key": "{}",',
        "https://h/{}",
        "GET /a/{} HTTP/1.1",
        "/{}",
        "<b>{}</b>",
        "user:{}@host",
        "({})",
        "it is {}.",
    ],
)
def test_a_key_may_begin_and_end_with_what_paths_and_sums_have(text: str, first: str, last: str) -> None:
    for middle in ("wJalrXUtnFEMIK7MDENGbPxRfiCYq", "wJalrXU/nFEMI/K7MDENG+bPxRfiCYq"):
        key = first + middle + last
        assert key.encode() in candidates(Layer(text.format(key).encode()))


def test_a_whole_value_is_one_and_its_words_are_its_layers() -> None:
    assert candidates(Layer(b"correct horse, battery", whole=True)) == {b"correct horse, battery"}
    assert candidates(Layer(b"short")) == set()


def test_no_bare_top_level_of_a_long_host() -> None:
    assert b"example.net" not in candidates(Layer(b"a.b.label7.example.net"))


@given(st.binary(max_size=3000))
def test_candidates_are_bounded(data: bytes) -> None:
    assert all(len(one) <= LONGEST + 2 for one in candidates(Layer(data)))
