"""Strings of a text that may be tokens, cut in every way a token can stand in it.

A token is recognised by equality. It is a run of characters of one of a few alphabets, so a text is cut at everything
else, once for each alphabet: none may hide a token that another one shows. All is done by `bytes.translate` and
`split`, in time linear in the text.
"""

from __future__ import annotations

from functools import lru_cache

from canaries.decoders._layer import Layer
from canaries.decoders._runs import ALNUM, SHORTEST_RUN, spaces_but

SHORTEST_WHOLE, LONGEST = 8, 2048
"""Bytes of a whole value, and of anything: the tokens of Kubernetes are the longest."""

_ALPHABETS = (b"", b"_-", b"+/=", b"_-.@+", b"_-.~!*#$^", b":_-", b":+/")
_IN_ALL = ALNUM + b" "
_EDGES = b"-._~+/:"
"""What may stand right before or after a token: a full stop, a slash."""
_SLASH = ord("/")
_LONGEST_HOST = 253
_MOST_PARENTS = 12


def candidates(layer: Layer) -> set[bytes]:
    """Every string of ``layer`` that may be a token: as written, in lower case too where case may not matter."""
    data = layer.data
    found = _as_a_whole(data)
    if not layer.whole:
        _within(layer.runs, found)
    return {word for word in found if len(word) <= LONGEST} if len(data) > LONGEST else found


def candidates_of_plain(data: bytes) -> set[bytes]:
    """The same of a text that `canaries.decoders._sieve.is_plain`: without a query it is one run."""
    if b"?" in data:
        return candidates(Layer(data))
    found = _as_a_whole(data)
    if len(data) >= SHORTEST_RUN:
        _within([data], found)
    return found


def _as_a_whole(data: bytes) -> set[bytes]:
    if not SHORTEST_WHOLE <= len(data) <= LONGEST + 2:
        return set()
    found = {data, whole := data.strip(b" \t\r\n\"'")}
    if b"@" in whole or b"." in whole:
        found.add(whole.lower())
    return found


def _within(runs: list[bytes], found: set[bytes]) -> None:
    found.update(runs)
    if mixed := [run for run in runs if not run.isalnum()]:
        _cut(mixed, found)


def _cut(mixed: list[bytes], found: set[bytes]) -> None:
    joined = b" ".join(mixed)
    words: set[bytes] = set()
    for table in _tables(frozenset(joined.translate(None, _IN_ALL))):
        words.update(joined.translate(table).split())
    fresh = {word for word in words if len(word) >= SHORTEST_RUN}
    found |= fresh
    for word in fresh:
        if word[0] == _SLASH:  # the end of a path, and a key's own first character
            found.add(word[1:])
        if word[0] in _EDGES or word[-1] in _EDGES:
            behind = word.lstrip(_EDGES)
            found |= {behind, word.rstrip(_EDGES)}  # one in 32 keys of AWS ends in a slash or a plus
            if behind[-1:] in (b"/", b"+") and b"/" in behind and len(behind) <= _LONGEST_HOST:
                _tails(behind, found)
            found.add(word := word.strip(_EDGES))
        if b"=" in word:  # name=value, and the value may end in the padding of base64
            bare = word.rstrip(b"=")
            found.add(word[bare.rfind(b"=") + 1 :].lstrip(b"/+"))
            found.add(bare[bare.rfind(b"=") + 1 :])
        if b"/" in word and len(word) <= _LONGEST_HOST:  # a key with slashes of its own, at the end of a path
            _tails(word, found)
        if b":" in word and word.startswith(b"bot"):  # core.telegram.org/bots/api: /bot<token>/METHOD
            found.add(word[3:])
        if (b"." in word or b"@" in word) and len(word) <= _LONGEST_HOST + 64:
            found.add(lower := word.lower())
            _parents(lower.rpartition(b"@")[2], found)


@lru_cache(4096)
def _tables(others: frozenset[int]) -> tuple[bytes, ...]:
    """Those alphabets that cut a text differently, by its characters beside letters, digits and spaces."""
    different = {others.intersection(extra): extra for extra in reversed(_ALPHABETS)}
    return tuple(spaces_but(ALNUM + extra) for extra in different.values())


def _tails(word: bytes, found: set[bytes]) -> None:
    for _ in range(_MOST_PARENTS):
        word = word.partition(b"/")[2]
        if len(word) < SHORTEST_RUN:
            return
        found.add(word)


def _parents(name: bytes, found: set[bytes]) -> None:
    """A host and the names above it: asking ``bucket.LABEL.domain`` uses ``LABEL.domain``."""
    for _ in range(_MOST_PARENTS):
        if len(name) < SHORTEST_RUN or b"." not in name:
            return
        found.add(name)
        name = name.partition(b".")[2]
