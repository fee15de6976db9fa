"""What each recorded act puts on the books of a dyad: weight, sign, memory, and the days that open and close it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import combinations

import numpy as np
import pandas as pd

from risk.codebook import Codebook
from risk.days import FAR, as_days
from risk.kernels import event_weight
from risk.recipe import Recipe
from risk.sanctions import Measures
from risk.states import load_organisations, members

__all__ = ["Books", "Entries", "open_books"]

MEASURE_TYPE = "sanction.measure"


@dataclass(frozen=True)
class Entries:
    """
    One array per attribute, one element per entry: an event (or a layer of a measure) on one dyad.

    ``row`` points into the records (events, then measures), ``report`` to the row that told it (another one where
    several reports tell one event); ``pair`` is the dyad's number. ``weight`` is u >= 0 and
    ``sign`` is +1 or -1. ``day``, ``known`` open an entry; ``end``, ``end_known`` end a state of affairs;
    ``cut``, ``cut_known`` silence it for good. ``standing`` is NaN for acts.
    """

    row: np.ndarray
    report: np.ndarray
    pair: np.ndarray
    sign: np.ndarray
    weight: np.ndarray
    day: np.ndarray
    known: np.ndarray
    end: np.ndarray
    end_known: np.ndarray
    cut: np.ndarray
    cut_known: np.ndarray
    persistence: np.ndarray
    standing: np.ndarray
    family: np.ndarray

    def take(self, index) -> Entries:
        """The entries at the given positions."""
        return Entries(**{item.name: getattr(self, item.name)[index] for item in fields(self)})

    def join(self, other: Entries) -> Entries:
        """These entries and then the others."""
        if not len(other):
            return self
        arrays = {item.name: (getattr(self, item.name), getattr(other, item.name)) for item in fields(self)}
        return Entries(**{name: np.concatenate(pair) for name, pair in arrays.items()})

    def replace(self, **arrays: np.ndarray) -> Entries:
        """The same entries with some arrays changed."""
        return Entries(
            **{item.name: arrays.get(item.name, getattr(self, item.name)) for item in fields(self)}
        )

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True)
class Books:
    """Entries of all dyads, with the states' names and each dyad's two states (as numbers, first < second)."""

    entries: Entries
    states: np.ndarray
    first: np.ndarray
    second: np.ndarray
    families: tuple[str, ...]


def open_books(events: pd.DataFrame, measures: Measures, codebook: Codebook, recipe: Recipe) -> Books:
    """
    Entries of a checked event table and of the sanctions measures, under a recipe.

    Reports of one act and stage are merged (the first known gives day and weight, each independent one raises the
    confidence from its own ``known_on``); a row in force silences the earlier stages of its act; an event that
    names a measure of the sanctions table weighs nothing, because the measure itself stands in the books.

    Parameters
    ----------
    events : pandas.DataFrame
        From :func:`risk.check_events`; not changed.
    measures : Measures
    codebook : Codebook
    recipe : Recipe

    Returns
    -------
    Books
    """
    acts = _silenced(events, _merged(events, _of_events(events, measures, codebook, recipe)))
    held, standing = _of_measures(measures, codebook, recipe, first_row=len(events))
    a, b, acts = _pairs(events, acts, recipe)
    sides = measures.frame[["sender", "target", "start"]].iloc[held].assign(participants="")
    sides.columns = pd.Index(["actor", "recipient", "date", "participants"])
    sender, target, standing = _pairs(sides, standing, recipe)
    states, first, second, pair = _number_pairs([a, sender], [b, target])
    entries = acts.join(standing).replace(pair=pair)
    if not entries.weight.all():
        entries = entries.take(np.flatnonzero(entries.weight))
    return Books(entries, states, first, second, tuple(codebook.families))


def _of_events(events: pd.DataFrame, measures: Measures, codebook: Codebook, recipe: Recipe) -> Entries:
    """One entry per row of the event table, its dyad not yet numbered."""
    code, types = pd.factorize(events["event_type"])
    types = pd.Index(types).astype(str)
    stage = (
        codebook.stage_fraction(events["event_type"], events["stage"]) if _any_text(events, "stage") else 1.0
    )
    if events[["magnitude", "value"]].notna().any(axis=None):
        magnitude = codebook.magnitude(events["event_type"], events["magnitude"], events["value"])
    else:
        magnitude = codebook.default_magnitude(types)[code]
    intensity = codebook.intensity(types, scale=recipe.scale)
    x = event_weight(intensity[code], stage, magnitude, events["confidence"].to_numpy(dtype=float))
    if _any_text(events, "measure_id"):
        x = np.where(events["measure_id"].isin(set(measures.frame["measure_id"])), 0.0, x)
    state = codebook.is_state(types)
    standing = np.where(state, codebook.standing(types), np.nan)
    families = pd.Index(codebook.families).get_indexer(list(codebook.family(types))).astype(np.int8)
    rows, nothing = np.arange(len(events), dtype=np.int32), np.full(len(events), FAR, dtype=np.int32)
    open_ended = not events["end"].notna().any()
    return Entries(
        row=rows,
        report=rows,
        pair=np.zeros(len(events), dtype=np.int64),
        sign=np.where(x < 0, -1, 1).astype(np.int8),
        weight=np.abs(x),
        day=as_days(events["date"]),
        known=as_days(events["known_on"]),
        end=nothing if open_ended else as_days(events["end"], empty=FAR),
        end_known=nothing if open_ended else as_days(events["end_known_on"].fillna(events["end"]), empty=FAR),
        cut=nothing,
        cut_known=nothing,
        persistence=codebook.persistence(types)[code],
        standing=standing[code],
        family=families[code],
    )


def _any_text(events: pd.DataFrame, column: str) -> bool:
    return bool((events[column] != "").any())


def _act_keys(events: pd.DataFrame, rows: np.ndarray, *more: str) -> np.ndarray:
    """Number of the act (on its dyad, and by more columns) each of the rows belongs to."""
    columns = ["act_id", "actor", "recipient", "participants", *more]
    table = events.iloc[rows][columns].astype(object)
    swap = (table["actor"] > table["recipient"]).to_numpy()
    table.loc[swap, ["actor", "recipient"]] = table.loc[swap, ["recipient", "actor"]].to_numpy()
    return table.groupby(columns, sort=False, observed=True).ngroup().to_numpy()


def _merged(events: pd.DataFrame, entries: Entries) -> Entries:
    """
    Reports of one act and stage as increments of one event's confidence.

    ``1 - prod(1 - q)`` is a sum of ``q_k prod_{j<k} (1 - q_j)`` over the reports in the order they became known, so
    each report adds its increment from its own day on and no query has to merge anything.
    """
    rows = np.flatnonzero(events["act_id"] != "")
    if not len(rows):
        return entries
    origin = events["publisher"].where(events["publisher"] != "", events["source"]).iloc[rows]
    table = pd.DataFrame(
        {
            "act": _act_keys(events, rows, "event_type", "stage"),
            "row": rows,
            "known": entries.known[rows],
            "event_id": events["event_id"].to_numpy()[rows],
            "origin": origin.str.casefold().to_numpy(),
            "q": events["confidence"].to_numpy(dtype=float)[rows],
        }
    ).sort_values(["act", "known", "event_id"], kind="stable")
    table["first"] = table.groupby("act")["row"].transform("first")
    told = table.duplicated(["act", "origin"]) & (table["origin"] != "")
    left = (1 - table["q"].where(~told, 0.0)).groupby(table["act"]).cumprod()
    before = left.groupby(table["act"]).shift(fill_value=1.0)
    first = table["first"].to_numpy()
    gain = np.where(told, 0.0, table["q"] * before) / events["confidence"].to_numpy(dtype=float)[first]
    changed = {name: getattr(entries, name).copy() for name in ("row", "weight", "day", "end", "end_known")}
    at = table["row"].to_numpy()
    for name, values in changed.items():
        values[at] = getattr(entries, name)[first] * (gain if name == "weight" else 1)
    return entries.replace(**changed)


def _silenced(events: pd.DataFrame, entries: Entries) -> Entries:
    """A row in force carries the whole budget of its act and silences the act's earlier stages from that day."""
    rows = np.flatnonzero(events["act_id"] != "")
    standing = ~np.isnan(entries.standing[rows])
    if not standing.any():
        return entries
    act = _act_keys(events, rows)
    in_force = pd.DataFrame(
        {"act": act[standing], "cut": entries.day[rows][standing], "known": entries.known[rows][standing]}
    )
    first = in_force.sort_values(["known", "cut"]).drop_duplicates("act").set_index("act")
    cut, cut_known = entries.cut.copy(), entries.cut_known.copy()
    cut[rows] = np.where(standing, FAR, first["cut"].reindex(act, fill_value=FAR).to_numpy())
    cut_known[rows] = np.where(standing, FAR, first["known"].reindex(act, fill_value=FAR).to_numpy())
    return entries.replace(cut=cut, cut_known=cut_known)


def _of_measures(
    measures: Measures, codebook: Codebook, recipe: Recipe, first_row: int
) -> tuple[np.ndarray, Entries]:
    """The measures' layers: which measure each belongs to, and its entry."""
    held, fraction, cut, cut_known = measures.layers()
    kind = [MEASURE_TYPE]
    intensity = float(codebook.intensity(kind, scale=recipe.scale)[0])
    family = list(codebook.families).index(str(codebook.family(kind)[0]))
    shape = np.ones(len(held))
    return held, Entries(
        row=first_row + held,
        report=first_row + held,
        pair=np.zeros(len(held), dtype=np.int64),
        sign=np.full(len(held), -1, dtype=np.int8),
        weight=np.abs(event_weight(intensity, 1.0, measures.severity[held], 1.0)) * fraction,
        day=measures.start[held],
        known=measures.known[held],
        end=measures.end[held],
        end_known=measures.end_known[held],
        cut=cut,
        cut_known=cut_known,
        persistence=shape * float(codebook.persistence(kind)[0]),
        standing=shape * float(codebook.standing(kind)[0]),
        family=np.full(len(held), family),
    )


def _pairs(sides: pd.DataFrame, entries: Entries, recipe: Recipe) -> tuple[pd.Series, pd.Series, Entries]:
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


def _number_pairs(
    a: list[pd.Series], b: list[pd.Series]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Number states and dyads in the order of their names; linear in the rows."""
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


def _end_to_end(parts: list[np.ndarray]) -> np.ndarray:
    """Arrays one after the other, without a copy where only one holds anything."""
    filled = [part for part in parts if len(part)]
    return filled[0] if len(filled) == 1 else np.concatenate(parts)
