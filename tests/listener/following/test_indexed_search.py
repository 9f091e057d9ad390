"""The search in logs knows what was minted before the block was read; without the vault's key it says what it lacks."""

from __future__ import annotations

from urllib.parse import quote

from canaries.core.store import token
from canaries.crypto.token_tags import tagger
from canaries.installation.home import Home
from canaries.mint.minting import Minted, mint, next_epoch
from canaries.scan import index, known
from listener.following.indexed_search import IndexedSearch


def text_of(made: Minted) -> bytes:
    return made.canary.tokens[0].value.encode()


def places(search: IndexedSearch, block: bytes) -> list[int]:
    return [place for place, _ in search.places(block)]


def test_what_was_minted_is_looked_for_in_the_next_block(home: Home) -> None:
    search = IndexedSearch(home)
    assert places(search, b"anything") == []
    for _ in range(2):
        [made] = mint(home, "url")
        assert places(search, b"GET /x\nGET /" + text_of(made)) == [12]
    assert search.problem == ""
    assert len(known.current(home).canaries) == 2, "it is kept for scans too"


def test_a_damaged_file_is_made_again(home: Home) -> None:
    search, [made] = IndexedSearch(home), mint(home, "url")
    (home.path / known.FILE).write_bytes(b"damaged")
    assert places(search, text_of(made)) == [0]


def test_without_the_vaults_key_it_says_what_it_lacks(home: Home) -> None:
    [first] = mint(home, "url")
    vault = home.keys.folder / "vault"
    kept = vault.read_text()
    vault.unlink()
    search = IndexedSearch(home)
    assert places(search, text_of(first)) == []
    assert "not there" in search.problem
    vault.write_text(kept)
    index.write(known.for_somebody_else(home, bytes(32)), home.path / known.FILE)
    vault.unlink()
    assert places(search, text_of(first)) == [0]
    assert search.problem == ""
    [second] = mint(home, "url")
    assert places(search, text_of(first) + b" " + text_of(second)) == [0]
    assert search.problem.startswith("1 canary minted since scan.index was made")
    (home.path / known.FILE).write_bytes(b"damaged")
    assert places(search, text_of(first)) == [0], "the last good one stays"
    assert "no scan index" in search.problem


def test_a_sensors_tokens_are_no_canaries_that_are_missing(home: Home) -> None:
    [made] = mint(home, "url")
    found = known.current(home)
    with home.store.write() as connection:
        tag = tagger(home.keys.lookup)(b"a mark")
        home.store.bulk(connection, token, [(tag, made.canary.id, "row", 101, next_epoch(connection))])
    assert known.missing(home, found) == 0
    assert known.current(home).canaries == [made.canary.id], "and it is there once"


def test_what_is_percent_encoded_is_found_in_its_own_line(home: Home) -> None:
    search, [made] = IndexedSearch(home), mint(home, "user")
    [email] = [token.value for token in made.canary.tokens if token.facet == "email"]
    block = f"GET /?a=%0A%0a\nGET /?q={quote(email)}&z=%zz\nGET /{email}".encode()
    second, third = block.index(b"GET /?q"), block.index(email.encode())
    assert sorted(places(search, block)) == [second, third]
