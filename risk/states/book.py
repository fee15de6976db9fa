"""The reviewed tables of states, read once, and who existed when."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby

import numpy as np
import pandas as pd

from risk.datasets import read_text_table
from risk.days import FAR, day_number
from risk.states.errors import StateError
from risk.states.text import key

__all__ = [
    "Actor",
    "Book",
    "exists",
    "known_actor",
    "load_states",
    "on_day",
    "open_book",
    "span_text",
    "state_name",
    "turning_days",
]

Span = tuple[int, int]
Numbered = tuple[str, int, int]


@dataclass(frozen=True)
class Actor:
    """One code: its name, what it is, and the half-open spells (day numbers) in which it existed."""

    code: str
    name: str
    status: str
    spells: tuple[Span, ...]
    parents: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    continues: str = ""

    def alive(self, day: int | None) -> bool:
        """Whether it exists on a day; without a day, whether its last spell is open."""
        if day is None:
            return self.spells[-1][1] == FAR
        return any(start <= day < end for start, end in self.spells)

    def parent(self, day: int | None) -> str:
        """The parent in the spell of the day; without a day, or outside every spell, the last one."""
        for (start, end), parent in zip(self.spells, self.parents):
            if day is not None and start <= day < end:
                return parent
        return self.parents[-1] if self.parents else ""


@dataclass(frozen=True)
class Book:
    """What the tables say, by key: actors by code, codes by name, codes and spells by number."""

    actors: dict[str, Actor] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: dict[str, dict[int, tuple[Numbered, ...]]] = field(default_factory=dict)
    not_states: dict[str, tuple[str, str]] = field(default_factory=dict)


def load_states() -> pd.DataFrame:
    """
    The reviewed table of states and territories, one row per code and spell of existence.

    Returns
    -------
    pandas.DataFrame
        All text. ``code, name, aliases, iso2, iso3, numeric, cow, gw, valid_from, valid_to, status, parent,
        claims, successors, continues, note, source``; ``aliases``, ``claims`` and ``successors`` are
        ``;``-separated, spells are half-open, and an empty day is open (or, for a territory, not dated).
        A fresh copy at each call.

    Examples
    --------
    >>> states = load_states()
    >>> states.loc[states["code"] == "SUN", ["valid_from", "valid_to", "status"]].to_numpy().tolist()
    [['1922-12-30', '1991-12-26', 'state']]
    """
    return _spells().copy()


@lru_cache(maxsize=1)
def _spells() -> pd.DataFrame:
    latest = read_text_table("states", "states.csv")
    earlier = read_text_table("states", "earlier_spells.csv")
    fixed = [name for name in latest.columns if name not in earlier.columns]
    before = earlier.merge(latest[["code", *fixed]], on="code", validate="many_to_one")
    both = pd.concat([before[latest.columns], latest], ignore_index=True)
    return both.sort_values(["code", "valid_from"], ignore_index=True)


@lru_cache(maxsize=1)
def open_book() -> Book:
    """The tables as look-ups, built at first use."""
    organisations = read_text_table("organisations", "organisations.csv")
    actors = {actor.code: actor for actor in [*_states(_spells()), *_organisations(organisations)]}
    refused = read_text_table("states", "not_states.csv")
    return Book(
        actors,
        _names(read_text_table("states", "states.csv"), organisations),
        {system: _numbers(column) for system, column in (("cow", "cow"), ("gw", "gw"), ("iso", "numeric"))},
        {key(name): (kind, part_of) for name, kind, part_of in refused.itertuples(index=False)},
    )


def _span(row: Mapping[Hashable, str]) -> Span:
    start, end = row["valid_from"], row["valid_to"]
    return day_number(start) if start else -FAR, day_number(end) if end else FAR


def _states(spells: pd.DataFrame) -> Iterator[Actor]:
    for code, group in groupby(spells.to_dict("records"), key=lambda row: row["code"]):
        rows = list(group)
        row = rows[-1]
        yield Actor(
            code, row["name"], row["status"], tuple(_span(spell) for spell in rows),
            tuple(spell["parent"] for spell in rows), tuple(filter(None, row["successors"].split(";"))),
            row["continues"],
        )  # fmt: skip


def _organisations(table: pd.DataFrame) -> Iterator[Actor]:
    for row in table.to_dict("records"):
        yield Actor(row["code"], row["name"], "organisation", (_span(row),))


def _names(states: pd.DataFrame, organisations: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    bearers: dict[str, set[str]] = {}
    for row in [*states.to_dict("records"), *organisations.to_dict("records")]:
        names = [row["code"], row["name"], row.get("iso2", ""), *row["aliases"].split(";")]
        for name in filter(None, names):
            bearers.setdefault(key(name), set()).add(row["code"])
    return {name: tuple(sorted(codes)) for name, codes in bearers.items()}


def _numbers(column: str) -> dict[int, tuple[Numbered, ...]]:
    meant: dict[int, list[Numbered]] = {}
    for row in _spells().to_dict("records"):
        for number in filter(None, row[column].split(";")):
            meant.setdefault(int(number), []).append((row["code"], *_span(row)))
    return {number: tuple(codes) for number, codes in meant.items()}


def on_day(on: object) -> int | None:
    """Day number of the ``on`` argument; None stays None."""
    if on is None:
        return None
    try:
        return day_number(on, name="on")
    except ValueError as error:
        raise StateError(str(error), "date.invalid") from None


def known_actor(code: str) -> Actor:
    """The actor of a code, or an error that says how to get one."""
    try:
        return open_book().actors[code]
    except KeyError:
        message = f"{code!r} is not a code of ours. Resolve names with resolve_state."
        raise StateError(message, "state.unknown") from None


def exists(code: str, on: object) -> bool:
    """
    Whether a state, territory or organisation existed on a day.

    Examples
    --------
    >>> exists("SUN", "1985-01-01"), exists("SUN", "2001-01-01")
    (True, False)
    """
    return known_actor(code).alive(on_day(on))


def state_name(code: str) -> str:
    """
    The name that we show for a code.

    Examples
    --------
    >>> state_name("VEN"), state_name("UA-43"), state_name("EU")
    ('Venezuela', 'Crimea', 'European Union')
    """
    return known_actor(code).name


def span_text(actor: Actor) -> str:
    """
    When an actor existed, in words.

    Examples
    --------
    >>> span_text(open_book().actors["EST"])
    '1918-02-24 to 1940-06-17 and since 1991-09-06'
    """
    joined: list[Span] = []
    for start, end in actor.spells:
        if joined and joined[-1][1] == start:
            start = joined.pop()[0]
        joined.append((start, end))
    return " and ".join(_one_span(start, end) for start, end in joined)


def _one_span(start: int, end: int) -> str:
    first, last = (str(np.datetime64(day, "D")) if abs(day) != FAR else "" for day in (start, end))
    if not last:
        return f"since {first}" if first else "at any time"
    return f"{first} to {last}" if first else f"until {last}"


@lru_cache(maxsize=1)
def turning_days() -> tuple[str, ...]:
    """
    The days on which some state, territory or organisation begins or ends, in order.

    Between two of them every name means the same.

    Examples
    --------
    >>> "1991-12-26" in turning_days()
    True
    """
    days = {day for actor in open_book().actors.values() for spell in actor.spells for day in spell}
    return tuple(str(np.datetime64(day, "D")) for day in sorted(days) if abs(day) != FAR)
