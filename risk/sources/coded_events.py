"""
What machine-coded event feeds have in common: who acts for a state, on which day, and which act it is.

A row becomes an event if both sides act for states, the states differ, and the codebook takes the act. Whatever
else a feed holds is refused with a ``scope.*`` code, which never raises:

``scope.no_actor`` no one named; ``scope.no_country`` no country given; ``scope.region`` a region or city;
``scope.organisation``; ``scope.sub_state`` citizens, parties, firms, armed groups; ``scope.several`` several countries
on a side; ``scope.unknown_country``; ``scope.not_then`` no such state on the day; ``scope.domestic`` one state on both
sides; ``scope.type`` an act the codebook refuses; ``scope.unknown_type`` a code on no published list. Unknown codes are
also in ``report.unmapped``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from risk.codebook import Codebook, load_codebook
from risk.datasets import read_text_table
from risk.sources.feed import Feed
from risk.states import load_organisations, load_states, resolve_states, turning_days

__all__ = [
    "Act",
    "Party",
    "acts_of_cameo",
    "agents",
    "cameo_acts",
    "codes",
    "countries",
    "days_of",
    "distinct",
    "sides_of",
]


class Party(NamedTuple):
    """What a side of a row is: a name or code of a state, or why it is none of ours."""

    name: str
    refusal: str = ""
    message: str = ""


class Act(NamedTuple):
    """What a code of acts is: an event type (sides exchanged if ``swap``), or why it is refused."""

    event_type: str
    swap: bool = False
    refusal: str = ""
    message: str = ""


@lru_cache(maxsize=1)
def codes() -> list[str]:
    """All codes of states and organisations in order: numbers compare as their names do."""
    return sorted({*load_states()["code"], *load_organisations()["org"]})


@lru_cache(maxsize=4)
def countries(system: str) -> dict[str, str]:
    """
    Our code for each country code of ``cameo`` or ``fips``; ``""`` for a region.

    Examples
    --------
    >>> countries("cameo")["ROM"], countries("fips")["CH"], countries("cameo")["EUR"]
    ('ROU', 'CHN', '')
    """
    table = read_text_table("actors", "countries.csv")
    table = table[table["system"] == system]
    return dict(zip(table["code"], table["state"]))


@lru_cache(maxsize=8)
def agents(system: str) -> frozenset[str]:
    """
    Roles or sectors of a system that act for their state, in lower case.

    Examples
    --------
    >>> "gov" in agents("cameo"), "citizen" in agents("icews_role")
    (True, False)
    """
    table = read_text_table("actors", "agents.csv")
    return frozenset(table.loc[table["system"] == system, "code"].str.lower())


def days_of(feed: Feed, column: str, form: str, length: int) -> np.ndarray:
    """Days of a text column written as ``form`` in its first ``length`` signs; others are refused and raise."""
    place, texts = pd.factorize(feed.frame[column])
    texts = pd.Index(texts).astype(str)
    days = np.asarray(pd.to_datetime(texts.str[:length], format=form, errors="coerce")).astype("M8[D]")
    written = texts.str.len() >= length
    days = np.where(written, days, np.datetime64("NaT", "D"))
    options = feed.options
    outside = (days < np.datetime64(options.first_day)) | (days > np.datetime64(options.last_day))
    missing, bad = np.asarray(texts == ""), np.isnat(days)
    feed.reject(missing[place], column, "date.missing", f"no {column} given")
    told = np.array([f"{text!r} is not a day written as {form}" for text in texts], dtype=object)
    feed.reject((bad & ~missing)[place], column, "date.invalid", told[place])
    told = np.array(
        [f"{text} is outside {options.first_day} to {options.last_day}" for text in texts], dtype=object
    )
    feed.reject(outside[place], column, "date.range", told[place])
    return np.where(outside, np.datetime64("NaT", "D"), days)[place]


def distinct(columns: Sequence[pd.Series]) -> tuple[np.ndarray, list[tuple[str, ...]]]:
    """Place of each row among the distinct tuples of several text columns, and the tuples."""
    key, parts = np.zeros(len(columns[0]), np.int64), []
    for column in columns:
        place, texts = pd.factorize(column)
        parts.append((place, np.asarray(texts, dtype=object)))
        key = pd.factorize(key * (len(texts) + 1) + place)[0]
    first = np.full(int(key.max(initial=-1)) + 1, -1)
    first[key[::-1]] = np.arange(len(key))[::-1]
    return key, list(zip(*[texts[place[first]] for place, texts in parts]))


def sides_of(
    feed: Feed, side: str, columns: Sequence[str], day: np.ndarray, party: Callable[..., Party]
) -> np.ndarray:
    """
    Number of the state on one side of each row, -1 where there is none of ours.

    ``party`` is called once per distinct content of the columns; the state must exist on the day, or be
    continued in law from one that did (``RUS`` in 1985 is ``SUN``), as the feed's options say.
    """
    place, contents = distinct([feed.frame[column] for column in columns])
    parties = [party(*content) for content in contents]
    refused = np.array([found.refusal for found in parties], dtype=object)[place]
    told = np.array([f"{side}: {found.message}" for found in parties], dtype=object)[place]
    _count_unknown(feed, side, place, contents, parties)
    feed.reject(refused != "", columns[0], refused, told)
    names = sorted({found.name for found in parties if found.name})
    at = {name: number for number, name in enumerate(names)}
    numbers = np.array([at.get(found.name, -1) for found in parties], np.int64)[place]
    return _on_their_day(feed, side, columns[0], names, np.where(feed.standing, numbers, -1), day)


def _count_unknown(feed: Feed, side: str, place: np.ndarray, contents: list, parties: list[Party]) -> None:
    unknown = [at for at, found in enumerate(parties) if found.refusal == "scope.unknown_country"]
    counts = np.bincount(place, minlength=len(parties))
    feed.count_unmapped(side, [" ".join(filter(None, contents[at])) for at in unknown], list(counts[unknown]))


def _on_their_day(
    feed: Feed, side: str, column: str, names: list[str], numbers: np.ndarray, day: np.ndarray
) -> np.ndarray:
    """Each name is resolved once per stretch of time in which it means the same."""
    turns = np.array(turning_days(), dtype="M8[D]")
    given = numbers >= 0
    stretch = np.searchsorted(turns, day, side="right")
    place, keys = pd.factorize(np.where(given, numbers * (len(turns) + 1) + stretch, -1))
    number, at = np.divmod(np.asarray(keys, np.int64), len(turns) + 1)
    on = [str(turns[max(first - 1, 0)]) if first else str(turns[0] - 1) for first in at]
    texts = [names[found] if key >= 0 else "AFG" for found, key in zip(number, keys)]
    found, errors = resolve_states(texts, on=on, before=feed.options.before)
    listed = {code: place for place, code in enumerate(codes())}
    result = np.array([listed.get(code, -1) for code in found], np.int64)
    result[np.asarray(keys) < 0] = -1
    refusal, told = np.full(len(keys), "", dtype=object), np.full(len(keys), "", dtype=object)
    for miss in errors:
        late = miss.error.code in ("state.not_a_state_then", "state.ambiguous")
        refusal[miss.rows] = "scope.not_then" if late else "scope.unknown_country"
        told[miss.rows] = f"{side}: {miss.error}"
        if not late:
            feed.count_unmapped(side, [str(miss.value)], [int(np.isin(place, miss.rows).sum())])
    organisations = set(load_organisations()["org"])
    for row in np.flatnonzero([code in organisations for code in found]):
        refusal[row], told[row] = "scope.organisation", f"{side}: {found[row]} is an organisation"
    feed.reject((refusal != "")[place] & given, column, refusal[place], told[place])
    return result[place]


def cameo_acts(feed: Feed, column: str, codebook: Codebook | None) -> tuple[np.ndarray, list[Act]]:
    """Place of each row's CAMEO code among its distinct ones, and what they mean."""
    place, texts = pd.factorize(feed.frame[column])
    book = codebook or load_codebook()
    return place, acts_of_cameo([str(text) for text in texts], book)


def acts_of_cameo(texts: Iterable[str], codebook: Codebook) -> list[Act]:
    """
    What CAMEO codes mean.

    Examples
    --------
    >>> acts_of_cameo(["040", "10", "010"], load_codebook())[0].event_type
    'diplomacy.meeting'
    """
    texts = list(texts)
    swapped = set(codebook.cameo.loc[codebook.cameo["swap"] == "yes", "code"])
    known = set(codebook.cameo["code"])
    types, refused = codebook.from_cameo(texts)
    why = dict(zip(refused["code"], refused["refusal"]))
    return [
        Act(str(kind), text in swapped)
        if kind
        else Act(
            "", False, "scope.type" if text in known else "scope.unknown_type", f"{text}: {why.get(text, '')}"
        )
        for text, kind in zip(texts, types)
    ]
