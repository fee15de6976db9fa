"""The dyads of an entry: two states, the pairs of several, the members of an organisation; and their numbers."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from risk.entries.entry import Entries
from risk.recipe import Recipe
from risk.states import load_organisations, members

__all__ = ["dyads_of", "numbered"]


def dyads_of(sides: pd.DataFrame, entries: Entries, recipe: Recipe) -> tuple[pd.Series, pd.Series, Entries]:
    """
    First and second state of every entry.

    An act of n states becomes its pairs, each at 1/(n - 1) of the weight (or in full, if the recipe says so); an
    organisation's act also enters its members' dyads where the recipe expands organisations.
    """
    several = (sides["participants"] != "").to_numpy()
    organised = np.zeros(len(sides), dtype=bool)
    organisations: set[str] = set()
    if recipe.expand_organisations:
        organisations = set(load_organisations()["org"])
        organised = (sides["actor"].isin(organisations) | sides["recipient"].isin(organisations)).to_numpy()
    spread = {row: _participants_pairs(sides["participants"].iloc[row]) for row in np.flatnonzero(several)}
    for row in np.flatnonzero(organised & ~several):
        spread[row] = _members_pairs(sides.iloc[row], organisations)
    if not spread:
        return sides["actor"], sides["recipient"], entries
    two = np.flatnonzero(~several & ~organised)
    pairs = [pair for row in spread for pair in spread[row]]
    index = np.concatenate([two, np.repeat(list(spread), [len(found) for found in spread.values()])])
    share = (
        np.array([weight for _, _, weight in pairs])
        if recipe.pair_weight == "shared"
        else np.ones(len(pairs))
    )
    widened = entries.take(index.astype(np.int64))
    return (
        _joined(sides["actor"].iloc[two], [a for a, _, _ in pairs]),
        _joined(sides["recipient"].iloc[two], [b for _, b, _ in pairs]),
        widened.replace(weight=widened.weight * np.concatenate([np.ones(len(two)), share])),
    )


def numbered(a: list[pd.Series], b: list[pd.Series]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """States, the two states of each dyad, and each entry's dyad, numbered in the order of names; linear in rows."""
    parts = [pd.factorize(column) for column in [*a, *b]]
    found = [np.asarray(names, dtype=object).astype(str) for _, names in parts]
    states = np.unique(np.concatenate(found))
    numbers = [
        np.searchsorted(states, names).astype(np.int32)[code]
        for names, (code, _) in zip(found, parts, strict=True)
    ]
    left, right = _end_to_end(numbers[: len(a)]), _end_to_end(numbers[len(a) :])
    cell = np.minimum(left, right) * len(states) + np.maximum(left, right)
    present = np.zeros(len(states) ** 2, dtype=bool)
    present[cell] = True
    at = np.flatnonzero(present)
    number = (np.cumsum(present) - 1).astype(np.int32)
    return states.astype(object), at // max(len(states), 1), at % max(len(states), 1), number[cell]


def _joined(column: pd.Series, more: list[str]) -> pd.Series:
    return pd.concat([column.astype(object), pd.Series(more, dtype=object)], ignore_index=True)


def _participants_pairs(participants: str) -> list[tuple[str, str, float]]:
    parties = participants.split(";")
    return [(a, b, 1 / (len(parties) - 1)) for a, b in combinations(parties, 2)]


def _members_pairs(act: pd.Series, organisations: set[str]) -> list[tuple[str, str, float]]:
    """The pair itself in full, and each member of the day with the other side at 1/(n - 1)."""
    pairs = [(act["actor"], act["recipient"], 1.0)]
    for side, other in ((act["actor"], act["recipient"]), (act["recipient"], act["actor"])):
        if side in organisations:
            inside = [member for member in members(side, on=act["date"]) if member != other]
            pairs += [(member, other, 1 / max(len(inside) - 1, 1)) for member in inside]
    return pairs


def _end_to_end(parts: list[np.ndarray]) -> np.ndarray:
    """Arrays one after the other, without a copy where only one holds anything."""
    filled = [part for part in parts if len(part)]
    return filled[0] if len(filled) == 1 else np.concatenate(parts)
