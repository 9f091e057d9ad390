"""How far planted rows can be told from their neighbours: a two-sample test by classifier.

Every column of the table, and of those beside in which each has one row, becomes a few numbers: is it NULL, how long,
how many digits, how often the same value, how long after the row was created, does it contain the name. Boosted trees
of two levels (Friedman 2001) learn which rows are bait, each row judged by trees that have not seen it (stratified
cross-validation). An area under the curve of 0.5 is a guess, 1.0 is all of them found. The classifier is told which
rows are bait; a thief is not: it is a bound on what they can do.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from canaries.core.errors import PlantError
from canaries.plant.rows.columns import is_arrival, plain
from canaries.plant.rows.neighbour_values import moment

Matrix = npt.NDArray[np.float64]
Row = Mapping[str, Any]

_FOLDS, _TREES, _RATE, _BINS = 5, 60, 0.15, 24
_LEAST = 4
"""Planted rows below which no figure means anything."""


@dataclass(frozen=True, slots=True)
class Realism:
    """What a classifier made of the rows."""

    auc: float
    """Chance that a planted row looks more planted than a neighbour does: 0.5 to 1."""
    dropped: float
    """The share of all rows that a thief drops who wants to be rid of nine in ten planted ones."""
    tells: tuple[tuple[str, float], ...]
    """What tells most by itself, and the area under its curve."""


def judge(rows: Sequence[Row], planted: Sequence[bool], without: frozenset[str] = frozenset()) -> Realism:
    """``without``: ``times`` (and ids), ``hosts`` (the domain of addresses). Raises PlantError for too few rows."""
    truth = np.array(planted, dtype=bool)
    if truth.sum() < _LEAST or (~truth).sum() < 10 * _LEAST:
        raise PlantError(
            f"{int(truth.sum())} planted rows among {len(rows)} are too few to tell anything",
            hint=f"a figure needs {_LEAST} planted rows and ten times as many others",
        )
    names, matrix = features(rows, without)
    scores = _judged(matrix, truth)
    order = np.argsort(-scores, kind="stable")
    ranks = np.flatnonzero(truth[order])
    most = ranks[math.ceil(0.9 * len(ranks)) - 1] + 1
    areas = [auc(column, truth) for column in matrix.T]
    single = [(name, max(area, 1 - area)) for name, area in zip(names, areas, strict=True)]
    tells = tuple(sorted(single, key=lambda one: (-one[1], one[0]))[:5])
    return Realism(float(auc(scores, truth)), float(most / len(rows)), tells)


def auc(scores: Matrix, truth: npt.NDArray[np.bool_]) -> float:
    """Area under the curve, ties counted half (Mann and Whitney's U)."""
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    hits = int(truth.sum())
    area = (ranks[place][truth].sum() - hits * (hits + 1) / 2) / (hits * (len(truth) - hits))
    return float(area)


def features(rows: Sequence[Row], without: frozenset[str] = frozenset()) -> tuple[list[str], Matrix]:
    """Names and numbers, a row of them for each row."""
    made: dict[str, list[float]] = {}
    first = next(iter(rows), {})
    created = next(
        (name for name in first if is_arrival(name.rpartition(".")[2]) and "creat" in plain(name)), ""
    )
    created = created or next((name for name in first if is_arrival(name.rpartition(".")[2])), "")
    for name in first:
        values = [row[name] for row in rows]
        if _is_key(name, values):
            if "times" not in without:
                made |= _steps(name, values)
            continue
        moments = [moment(value) for value in values]
        if all(value is None or found for value, found in zip(values, moments, strict=True)) and any(moments):
            made[f"{name} null"] = [value is None for value in values]
            if "times" not in without:
                made |= _times(
                    name, [found[0].timestamp() if found else None for found in moments], rows, created
                )
            continue
        made |= _values(name, values, without)
    made |= _within(rows, first)
    varied = {name: column for name, column in made.items() if len(set(column)) > 1}
    if not varied:
        return ["nothing"], np.zeros((len(rows), 1))
    return list(varied), np.array(list(varied.values()), dtype=np.float64).T


def _is_key(name: str, values: list[Any]) -> bool:
    last = name.rpartition(".")[2]
    whole = all(isinstance(value, int) and not isinstance(value, bool) for value in values)
    return whole and (last == "id" or last.endswith("_id")) and len(set(values)) > 0.9 * len(values)


def _steps(name: str, values: list[Any]) -> dict[str, list[float]]:
    """How far to the next key below and above."""
    order = sorted(set(values))
    place = {value: at for at, value in enumerate(order)}
    below = [float(value - order[max(place[value] - 1, 0)]) for value in values]
    above = [float(order[min(place[value] + 1, len(order) - 1)] - value) for value in values]
    return {f"{name} below": below, f"{name} above": above}


def _times(name: str, at: list[float | None], rows: Sequence[Row], created: str) -> dict[str, list[float]]:
    made = {f"{name} hour": [-1.0 if one is None else one % 86_400 // 3600 for one in at]}
    made[f"{name} whole"] = [one is not None and one == int(one) for one in at]
    if name == created:
        return made
    lags = []
    for one, row in zip(at, rows, strict=True):
        begun = moment(row.get(created))
        lag = 0.0 if one is None or begun is None else one - begun[0].timestamp()
        lags.append(math.copysign(math.log1p(abs(lag)), lag))
    return made | {f"{name} lag": lags, f"{name} ahead": [lag < 0 for lag in lags]}


def _values(name: str, values: list[Any], without: frozenset[str]) -> dict[str, list[float]]:
    texts = ["" if value is None else str(value) for value in values]
    counts = Counter(texts)
    made: dict[str, list[float]] = {
        f"{name} null": [value is None for value in values],
        f"{name} empty": [value == "" for value in values],
        f"{name} common": [math.log(counts[text]) for text in texts],
    }
    if all(isinstance(value, int | float | None) for value in values):
        return made | {f"{name} value": [-1.0 if value is None else float(value) for value in values]}
    mails = [text.rpartition("@") for text in texts]
    if sum("@" in text for text in texts) > 0.5 * len(texts):
        texts = [local for local, _, _ in mails]
        hosts = Counter(host for _, _, host in mails)
        if "hosts" not in without:
            made[f"{name} host"] = [math.log(hosts[host]) for _, _, host in mails]
            made[f"{name} host length"] = [float(len(host)) for _, _, host in mails]
        del made[f"{name} common"]
    return made | {
        f"{name} length": [float(len(text)) for text in texts],
        f"{name} digits": [float(sum(char.isdigit() for char in text)) for text in texts],
        f"{name} capitals": [float(sum(char.isupper() for char in text)) for text in texts],
        f"{name} signs": [float(sum(not char.isalnum() for char in text)) for text in texts],
        f"{name} starts": [
            float(ord(text[0]) if text else 0) if text[:1] in "+0($!{" else -1.0 for text in texts
        ],
        f"{name} head": [float(hash_of(text[:7])) if len(text) > 30 else -1.0 for text in texts],
    }


def hash_of(text: str) -> int:
    """A small number that is the same in every run: of the beginning of a password hash, its scheme and cost."""
    return zlib.crc32(text.encode()) % 997


def _within(rows: Sequence[Row], first: Row) -> dict[str, list[float]]:
    """Whether a text holds the words of another: an address the name, a display name the first name."""
    texts = [name for name in first if sum(_is_text(row[name]) for row in rows[:50]) > 5]
    made: dict[str, list[float]] = {}
    for one in texts:
        for other in texts:
            last = plain(one.rpartition(".")[2])
            if (
                one != other
                and any(word in last for word in ("name", "mail", "login"))
                and "@" not in str(first[one])
            ):
                made[f"{other} holds {one}"] = [_holds(row[other], row[one]) for row in rows]
    return made


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != "" and moment(value) is None


def _holds(text: Any, words: Any) -> float:
    if not isinstance(text, str) or not isinstance(words, str) or not words:
        return -1.0
    lower = text.lower()
    return sum(word in lower for word in words.lower().split()) / len(words.split())


def _judged(matrix: Matrix, truth: npt.NDArray[np.bool_]) -> Matrix:
    """Each row's score by trees that were grown without it."""
    folds = np.zeros(len(truth), dtype=int)
    chance = np.random.default_rng(1)
    for side in (True, False):
        members = np.flatnonzero(truth == side)
        folds[chance.permutation(members)] = np.arange(len(members)) % _FOLDS
    binned, scores = _binned(matrix), np.zeros(len(truth))
    for fold in range(_FOLDS):
        inside = folds != fold
        scores[~inside] = _boosted(binned, truth, inside)[~inside]
    return scores


def _binned(matrix: Matrix) -> npt.NDArray[np.int64]:
    """Each number as its place among at most `_BINS` equally filled bins."""
    out = np.zeros(matrix.shape, dtype=np.int64)
    for at, column in enumerate(matrix.T):
        values = np.unique(column)
        edges = values if len(values) <= _BINS else np.unique(np.quantile(column, np.linspace(0, 1, _BINS)))
        out[:, at] = np.minimum(np.searchsorted(edges, column, side="right"), _BINS) - 1
    return np.maximum(out, 0)


def _boosted(
    binned: npt.NDArray[np.int64], truth: npt.NDArray[np.bool_], inside: npt.NDArray[np.bool_]
) -> Matrix:
    """Scores of all rows by gradient boosting on logistic loss; planted rows weigh as much as all others together."""
    label = truth.astype(np.float64)
    share = inside.sum() / 2
    weight = np.where(truth, share / (inside & truth).sum(), share / (inside & ~truth).sum()) * inside
    scores = np.zeros(len(truth))
    for _ in range(_TREES):
        chance = 1 / (1 + np.exp(-scores))
        gradient, hessian = weight * (label - chance), weight * chance * (1 - chance) + 1e-9 * inside
        everywhere = np.ones(len(truth), dtype=bool)
        feature, cut = _split(binned, gradient, hessian, everywhere)
        for side in (binned[:, feature] <= cut, binned[:, feature] > cut):
            feature_below, cut_below = _split(binned, gradient, hessian, side)
            low = binned[:, feature_below] <= cut_below
            for leaf in (side & low, side & ~low):
                scores[leaf] += _RATE * gradient[leaf].sum() / (hessian[leaf].sum() + 1.0)
    return scores


def _split(
    binned: npt.NDArray[np.int64], gradient: Matrix, hessian: Matrix, where: npt.NDArray[np.bool_]
) -> tuple[int, int]:
    """Feature and bin at which the gain is largest (Chen and Guestrin 2016, equation 7)."""
    count = binned.shape[1]
    place = (binned[where] + np.arange(count) * _BINS).ravel()
    sums = [
        np.bincount(place, np.repeat(values[where], count), count * _BINS)
        .reshape(count, _BINS)
        .cumsum(axis=1)
        for values in (gradient, hessian)
    ]
    left, left_weight = sums[0][:, :-1], sums[1][:, :-1]
    right, right_weight = sums[0][:, -1:] - left, sums[1][:, -1:] - left_weight
    gain = left**2 / (left_weight + 1.0) + right**2 / (right_weight + 1.0)
    best = int(gain.argmax())
    return best // (_BINS - 1), best % (_BINS - 1)
