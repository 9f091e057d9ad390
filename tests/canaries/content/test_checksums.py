"""Check sums, against keys that were published with theirs."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.content import checksums
from canaries.crypto.seeded_random import SeededRandom

PUBLISHED_GITHUB = (
    # in the public tests of secret scanners; revoked or never issued
    "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",
    "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",
)


@pytest.mark.parametrize("token", PUBLISHED_GITHUB)
def test_classic_github_tokens_end_in_the_crc_of_their_body(token: str) -> None:
    assert checksums.crc32_base62(token[4:34]) == token[34:]


@pytest.mark.parametrize(
    ("number", "text"), [(0, "000000"), (61, "00000z"), (62, "000010"), (2**32 - 1, "4gfFC3")]
)
def test_base_62(number: int, text: str) -> None:
    assert checksums.base62(number, 6) == text


def test_the_sum_of_a_fine_grained_token_is_base32_of_its_sha256() -> None:
    # printf abc | sha256sum begins ba7816bf8f; that is X J 4 B N P 4 P in RFC 4648's alphabet
    assert checksums.sha256_base32("abc") == "XJ4BNP4P"


@pytest.mark.parametrize(
    ("key_id", "account"),
    [
        ("AKIASP2TPHJSQH3FJRUX", "171436882533"),
        ("ASIAY34FZKBOKMUTVV7A", "609629065308"),
        ("AKIAAYLPMN5HAAAAAAAA", "052310077262"),
    ],
)
def test_published_key_ids_give_their_account(key_id: str, account: str) -> None:
    assert checksums.aws_account(key_id) == account


@given(st.integers(0, 10**12 - 1), st.binary(min_size=5, max_size=5))
def test_a_key_id_carries_its_account(number: int, random: bytes) -> None:
    account = f"{number:012d}"
    key_id = checksums.aws_key_id(account, random)
    assert len(key_id) == 20
    assert set(key_id[4:]) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    assert checksums.aws_account(key_id) == account


def test_different_random_bytes_give_different_key_ids() -> None:
    assert checksums.aws_key_id("123456789012", b"\0\0\0\0\1") != checksums.aws_key_id(
        "123456789012", b"\0\0\0\0\2"
    )


@pytest.mark.parametrize("wrong", ["", "AKIA", "AKIA" + "1" * 16, "AKIASP2TPHJSQH3FJRUXX"])
def test_what_is_no_key_id_has_no_account(wrong: str) -> None:
    with pytest.raises(ValueError):
        checksums.aws_account(wrong)


def test_the_watched_accounts_are_the_published_26() -> None:
    assert len(checksums.WATCHED_AWS_ACCOUNTS) == 26
    assert all(len(account) == 12 and account.isdigit() for account in checksums.WATCHED_AWS_ACCOUNTS)


def test_a_watched_account_is_never_drawn() -> None:
    class Rigged(SeededRandom):
        """Draws a watched account first."""

        def between(self, label: str, low: int, high: int) -> int:
            return 171436882533 if label.endswith(":0") else super().between(label, low, high)

    drawn = checksums.fresh_aws_account(Rigged(bytes(32)))
    assert drawn not in checksums.WATCHED_AWS_ACCOUNTS
    assert len(drawn) == 12


SEEDS = (0x004FB61A001BDBCC, 0x804FB61A001BDBCC)


@pytest.mark.parametrize(
    ("seed", "data", "expected"),
    [
        (SEEDS[0], "", 0x30ED35C100CD3C7D),
        (SEEDS[0], "af", 0x48E73FC77D75DDC1),
        (SEEDS[0], "e70f", 0xB5F6E1FC485DBFF8),
        (SEEDS[0], "37f495", 0xF0B07C789B8CF7E8),
        (SEEDS[0], "8642dc59", 0x7008F2E87E9CF556),
        (SEEDS[1], "153fb79826", 0x0A06114B13464DBD),
        (SEEDS[1], "ab427ea8d10fc7", 0xE203987DBA252FB3),
    ],
)
def test_marvin32_gives_the_sums_of_dotnets_own_tests(seed: int, data: str, expected: int) -> None:
    """dotnet/runtime, MarvinTests.cs: there the two halves of 64 bits, which make 32 by exclusive or."""
    assert checksums.marvin32(bytes.fromhex(data), seed) == (expected >> 32) ^ (expected & 0xFFFFFFFF)


def test_a_storage_key_carries_its_mark_and_its_sum() -> None:
    key = checksums.azure_storage_key(bytes(range(57)))
    assert len(key) == 88
    assert key[76:80] == "+ASt"
    assert key.endswith("==")
    raw = base64.b64decode(key)
    assert raw[:57] == bytes(range(57))
    assert int.from_bytes(raw[60:], "little") == checksums.marvin32(raw[:60], 0x44656661756C7430)
