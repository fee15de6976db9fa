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
    One array per attribute, one element per entry: an event (or a measure) on one dyad.

    ``row`` points into the records (events, then measures), ``report`` to the row that told it (another one where
    several reports tell one event); ``pair`` is the dyad's number. ``weight`` is u >= 0 and
    ``sign`` is +1 or -1. ``day``, ``known`` open an entry; ``end``, ``end_known`` end a state of affairs;
    ``cut``, ``cut_known`` silence it for good. ``standing`` is NaN for acts. A negative weight takes back from its
    record's weight and counts from its cut on, not until it.
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
    a, b, acts = _pairs(events, _of_events(events, measures, codebook, recipe), recipe)
    held, standing = _of_measures(measures, codebook, recipe, first_row=len(events))
    sides = measures.frame[["sender", "target", "start"]].iloc[held].assign(participants="")
    sides.columns = pd.Index(["actor", "recipient", "date", "participants"])
    sender, target, standing = _pairs(sides, standing, recipe)
    states, first, second, pair = _number_pairs([a, sender], [b, target])
    acts = acts.replace(pair=pair[: len(acts)])
    if _any_text(events, "act_id"):
        acts = _silenced(events, _merged(events, acts))
    entries = acts.join(standing.replace(pair=pair[len(acts) :]))
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


def _of_acts(events: pd.DataFrame, entries: Entries) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the entries that belong to an act, and the number of the act on its dyad."""
    act = pd.factorize(events["act_id"].where(events["act_id"] != ""))[0].astype(np.int64)
    at = np.flatnonzero(act[entries.row] >= 0)
    return at, act[entries.row[at]] * (int(entries.pair.max(initial=0)) + 1) + entries.pair[at]


def _merged(events: pd.DataFrame, entries: Entries) -> Entries:
    """
    Reports of one act and stage on a dyad as increments of one event's confidence.

    ``1 - prod(1 - q)`` is a sum of ``q_k prod_{j<k} (1 - q_j)`` over the reports in the order they became known, so
    each report adds its increment from its own day on and no query has to merge anything. A report by a publisher
    or from a source that has told it before adds nothing, nor does one more report without either.
    """
    at, act = _of_acts(events, entries)
    row = entries.row[at]
    told = events[["event_id", "event_type", "stage", "actor", "recipient", "publisher", "source"]].iloc[row]
    table = told.astype(object).assign(
        act=act,
        # directed acts in opposite directions are two events
        back=(told["actor"] > told["recipient"]).to_numpy(),
        publisher=told["publisher"].str.casefold().to_numpy(),
        source=told["source"].str.casefold().to_numpy(),
        at=at,
        known=entries.known[at],
        q=events["confidence"].to_numpy(dtype=float)[row],
    )
    event = table.groupby(["act", "event_type", "stage", "back"], sort=False).ngroup().to_numpy()
    table = table.assign(event=event).sort_values(["event", "known", "event_id"], kind="stable")
    table["first"] = table.groupby("event")["at"].transform("first")
    again = _again(table)
    left = (1 - table["q"].where(~again, 0.0)).groupby(table["event"]).cumprod()
    before = left.groupby(table["event"]).shift(fill_value=1.0)
    first, at = table["first"].to_numpy(), table["at"].to_numpy()
    confidence = events["confidence"].to_numpy(dtype=float)[entries.row[first]]
    gain = np.where(again, 0.0, table["q"] * before) / confidence
    changed = {name: getattr(entries, name).copy() for name in ("row", "weight", "day", "end", "end_known")}
    for name, values in changed.items():
        values[at] = getattr(entries, name)[first] * (gain if name == "weight" else 1)
    return entries.replace(**changed)


def _again(table: pd.DataFrame) -> pd.Series:
    """Which reports come from a publisher or source that told the event before, or like an earlier one from none."""
    nameless = (table["publisher"] == "") & (table["source"] == "")
    again = nameless & table.duplicated(["event", "publisher", "source"])
    for name in ("publisher", "source"):
        again |= table.duplicated(["event", name]) & (table[name] != "")
    return again


def _silenced(events: pd.DataFrame, entries: Entries) -> Entries:
    """A row in force carries the whole budget of its act and silences the act's earlier stages from that day."""
    at, act = _of_acts(events, entries)
    standing = ~np.isnan(entries.standing[at])
    if not standing.any():
        return entries
    in_force = pd.DataFrame(
        {"act": act[standing], "cut": entries.day[at][standing], "known": entries.known[at][standing]}
    )
    first = in_force.sort_values(["known", "cut"]).drop_duplicates("act").set_index("act")
    cut, cut_known = entries.cut.copy(), entries.cut_known.copy()
    cut[at] = np.where(standing, FAR, first["cut"].reindex(act, fill_value=FAR).to_numpy())
    cut_known[at] = np.where(standing, FAR, first["known"].reindex(act, fill_value=FAR).to_numpy())
    return entries.replace(cut=cut, cut_known=cut_known)


def _of_measures(
    measures: Measures, codebook: Codebook, recipe: Recipe, first_row: int
) -> tuple[np.ndarray, Entries]:
    """The spells of the measures and what later spells take back: which spell each belongs to, and its entry."""
    held, fraction, cut, cut_known = measures.takeovers()
    kind = [MEASURE_TYPE]
    intensity = float(codebook.intensity(kind, scale=recipe.scale)[0])
    family = list(codebook.families).index(str(codebook.family(kind)[0]))
    shape = np.ones(len(held))
    whole = np.abs(event_weight(intensity, 1.0, measures.severity[held], 1.0))
    # parts in whole spacings of the weight add up to it, and to nothing once all is taken back, without rounding
    spacing = np.spacing(whole)
    return held, Entries(
        row=first_row + held,
        report=first_row + held,
        pair=np.zeros(len(held), dtype=np.int64),
        sign=np.full(len(held), -1, dtype=np.int8),
        weight=np.round(whole * fraction / spacing) * spacing,
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
