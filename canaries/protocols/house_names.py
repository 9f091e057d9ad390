"""Names of firms that are nobody's: put together from sounds, so that no list has them all."""

from __future__ import annotations

from canaries.crypto.seeded_random import SeededRandom

_ONSETS = (
    "b br c ch cl cr d dr f fl fr g gl gr h j k kl l m n p pl pr qu r s sc sh sl sp st t th tr v w z".split()
)
_VOWELS = "a a a e e e i i o o o u y ai au ea ee ei ia io oa ou ue".split()
_CODAS = "b ck d g k l ld ll lm m n nd ng nn nt p r rd rk rm rn rt s sk ss st t th tt x".split()
_ENDS = "a ac an aro as el en eon era ero ex ia ica ico id ine io is ium ix o on or os um us".split()
_MORE = (
    "",
    "",
    "",
    "",
    " Labs",
    " Systems",
    " Group",
    " Media",
    " Software",
    " Health",
    " Energy",
    " Logistics",
)


def house_name(stream: SeededRandom) -> str:
    """Such a name, one or two words; another stream gives another one."""
    word = stream.pick("onset", _ONSETS) + stream.pick("vowel", _VOWELS) + stream.pick("coda", _CODAS)
    if stream.below("middle", 3) == 0:
        word += stream.pick("second vowel", _VOWELS) + stream.pick("second coda", _CODAS)
    return (word + stream.pick("end", _ENDS)).capitalize() + stream.pick("more", _MORE)
