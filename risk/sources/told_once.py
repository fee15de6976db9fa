"""
One event from many reports.

Reports of the same sides, event type and day are one event; the others are refused as ``duplicate.report``, which
never raises. Sides of mutual types have no order. The event's day of knowledge is the earliest of its reports; its
confidence is ``1 - (1 - q)^n``, with q the confidence in one report of the feed and n the independent sources told
by that day, at most ``MOST``. Sources are counted by their names where the feed gives them, and a symmetric act told
once from each side is one report. Later reports add nothing: no query can look ahead through them, and machine
coding repeats its own mistakes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from risk.codebook import load_codebook
from risk.events import EVENTS
from risk.reading import Reading
from risk.reading.columns import spread
from risk.reading.text import NOTES, clean_text
from risk.sources.coded_events import Act, codes
from risk.sources.feed import Feed

__all__ = ["MOST", "Publisher", "Told", "events_told"]

MOST = 0.95
"""Largest confidence of a machine-coded event: what the ledger gives a row taken from a data set."""


@dataclass(frozen=True)
class Told:
    """
    A feed's rows as acts, one element per row.

    ``actor`` and ``recipient`` are numbers of `codes` (-1: refused), ``kind`` the place in ``kinds``, ``code`` the
    publisher's code of the act, ``sources`` how many independent sources the row stands for, ``origin`` the name of
    its one source, ``record`` the publisher's id (None: it has none, and content names the event).
    """

    day: np.ndarray
    known: np.ndarray
    actor: np.ndarray
    recipient: np.ndarray
    kind: np.ndarray
    kinds: list[Act]
    code: pd.Series
    sources: np.ndarray
    origin: pd.Series | None = None
    record: pd.Series | None = None
    url: pd.Series | None = None
    note: pd.Series | None = None


@dataclass(frozen=True)
class Publisher:
    """What stands in every event of a feed: prefix of ids, publisher, name of the data set, q of one report."""

    prefix: str
    publisher: str
    dataset: str
    confidence: float
    merge: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.confidence <= 1:
            raise ValueError(f"confidence must be in (0, 1], not {self.confidence!r}")


def events_told(feed: Feed, told: Told, by: Publisher) -> Reading:
    """The checked event table of a feed, with ``code`` and ``n_reports`` after the columns of the contract."""
    _refuse_acts(feed, told)
    record, url, note = (_clean(feed, told, name) for name in ("record", "url", "note"))
    told = replace(told, record=record, url=url, note=note)
    if told.record is not None:
        _refuse_repeated(feed, told.record)
    types, a, b = _sides(feed, told)
    first, reports = _first_reports(feed, told, (types, a, b), by.merge)
    book = feed.options.codebook or load_codebook()
    feed.policies |= {
        "duplicates": "same sides, type and day: one event" if by.merge else "kept as they are",
        "confidence of one report": f"{by.confidence:g}",
        "intensity": f"by event type, codebook {book.version} (its scale goldstein is GDELT's table)",
    }
    return feed.reading_of(_table(told, by, (a, b), first, reports))


def _refuse_acts(feed: Feed, told: Told) -> None:
    same = (told.actor == told.recipient) & (told.actor >= 0)
    feed.reject(same, feed.frame.columns[0], "scope.domestic", "one state on both sides")
    refusal = np.array([kind.refusal for kind in told.kinds], dtype=object)
    message = np.array([kind.message for kind in told.kinds], dtype=object)
    unknown = [at for at, kind in enumerate(told.kinds) if kind.refusal == "scope.unknown_type"]
    if unknown:
        counts = np.bincount(told.kind, minlength=len(told.kinds))
        feed.count_unmapped(
            "code", [told.kinds[at].message.split(":")[0] for at in unknown], list(counts[unknown])
        )
    feed.reject((refusal != "")[told.kind], told.code.name or "code", refusal[told.kind], message[told.kind])


def _clean(feed: Feed, told: Told, name: str) -> pd.Series | None:
    """A text column after the text rules of every table: ids as codes, addresses and notes as prose."""
    column: pd.Series | None = getattr(told, name)
    if column is None:
        return None
    rows = np.flatnonzero(feed.standing)
    texts = column.iloc[rows].tolist()
    cleaned = clean_text(texts, prose=name != "record")
    for place, (code, message) in cleaned.refused.items():
        here = np.zeros(len(feed), dtype=bool)
        here[rows[place]] = True
        feed.reject(here, name, code, message)
    for code, places in cleaned.repairs.items():
        feed.note(code, len(places), NOTES[code], name)
    blank = [place for place, text in enumerate(texts) if not text] if name == "record" else []
    missing = np.zeros(len(feed), dtype=bool)
    missing[rows[blank]] = True
    feed.reject(missing, name, "record.missing", "the record has no id")
    if not cleaned.repairs:
        return column.astype("str")
    whole = column.astype(object)
    whole.iloc[rows] = cleaned.values
    return whole.astype("str")


def _refuse_repeated(feed: Feed, record: pd.Series) -> None:
    """A record told twice word for word is kept once; one id with two contents is refused and raises."""
    repeated = record.duplicated(keep=False).to_numpy(bool) & feed.standing
    if not repeated.any():
        return
    at = np.flatnonzero(repeated)
    rows = feed.frame.iloc[at]
    copy = np.zeros(len(feed), dtype=bool)
    copy[at[rows.duplicated().to_numpy(bool)]] = True
    feed.reject(copy, "record", "duplicate.exact", "an exact copy of another row")
    feed.note("duplicate.exact", int(copy.sum()), "exact copies of other rows, kept once")
    clash = record.duplicated(keep=False).to_numpy(bool) & feed.standing & ~copy
    left = np.flatnonzero(clash)
    clash[left[~record.iloc[left].duplicated(keep=False).to_numpy(bool)]] = False
    feed.reject(
        clash, "record", "event_id.conflict", "the same record id stands in other rows with other content"
    )


def _sides(feed: Feed, told: Told) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number of the event type, and of its sides: exchanged where the code says so, in order for mutual types."""
    book = feed.options.codebook or load_codebook()
    names = list(book.types.index)
    number = {name: at for at, name in enumerate(names)}
    type_of = np.array([number.get(kind.event_type, -1) for kind in told.kinds], np.int64)
    mutual = ~np.append(book.is_directed(names), True).astype(bool)
    types = type_of[told.kind]
    swap = np.array([kind.swap for kind in told.kinds], dtype=bool)[told.kind]
    turn = np.where(mutual[types], told.actor > told.recipient, swap)
    return types, np.where(turn, told.recipient, told.actor), np.where(turn, told.actor, told.recipient)


def _first_reports(
    feed: Feed, told: Told, act: tuple[np.ndarray, np.ndarray, np.ndarray], merge: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Rows that stand for an event, and the independent sources of each by the day it became known."""
    rows = np.flatnonzero(feed.standing)
    if not merge or not len(rows):
        return rows, told.sources[rows]
    types, a, b = (part[rows] for part in act)
    day = told.day[rows].astype(np.int64)
    low = day.min()
    key = ((types * len(codes()) + a) * len(codes()) + b) * (day.max() - low + 1) + day - low
    known = told.known[rows].astype(np.int64)
    event = pd.factorize(key)[0]
    earliest = np.full(int(event.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(earliest, event, known)
    at = np.flatnonzero(known == earliest[event])
    reports = _independent(told, rows[at], event[at], told.actor[rows[at]] != a[at], len(earliest))
    first = np.full(len(earliest), -1)
    first[event[at[::-1]]] = at[::-1]
    late = np.ones(len(feed), dtype=bool)
    late[rows[first]] = False
    stands_in = np.zeros(len(feed), np.int64)
    stands_in[rows] = feed.rows[rows[first]][event]
    _refuse_told(feed, late & feed.standing, stands_in)
    order = np.argsort(first)
    return rows[first[order]], reports[order]


def _independent(
    told: Told, rows: np.ndarray, event: np.ndarray, turned: np.ndarray, n_events: int
) -> np.ndarray:
    """Independent sources of each event: names of sources, or the larger count of its two directions."""
    if told.origin is not None:
        source, names = pd.factorize(told.origin.iloc[rows])
        pairs = pd.unique(event * max(len(names), 1) + source)
        return np.bincount(pairs // max(len(names), 1), minlength=n_events)
    counts = np.bincount(2 * event + turned, told.sources[rows], minlength=2 * n_events)
    return counts.reshape(-1, 2).max(axis=1)


def _refuse_told(feed: Feed, late: np.ndarray, stands_in: np.ndarray) -> None:
    message = np.empty(len(feed), dtype=object)
    places = np.flatnonzero(late)
    message[places] = [f"another report of the event in row {row}" for row in stands_in[places].tolist()]
    feed.note("duplicate.report", len(places), "reports told of an event that another row has told")
    feed.reject(late, feed.frame.columns[0], "duplicate.report", message)


def _table(
    told: Told, by: Publisher, act: tuple[np.ndarray, np.ndarray], rows: np.ndarray, reports: np.ndarray
) -> pd.DataFrame:
    actor, recipient = (spread(codes(), part[rows]) for part in act)
    event_type = spread([kind.event_type for kind in told.kinds], told.kind[rows])
    day = told.day[rows]
    never = pd.Series(np.full(len(rows), np.datetime64("NaT", "s")))
    code = told.code.iloc[rows].reset_index(drop=True).astype("str")
    single = by.confidence
    confidence = np.maximum(single, np.minimum(1 - (1 - single) ** np.maximum(reports, 1), MOST))
    filled = {
        "event_id": _ids(told, by, (event_type, actor, recipient), rows),
        "date": pd.Series(day.astype("M8[s]")),
        "date_precision": _all("day", rows),
        "end": never,
        "actor": actor,
        "recipient": recipient,
        "event_type": event_type,
        "magnitude": np.nan,
        "value": np.nan,
        "confidence": confidence,
        "known_on": pd.Series(np.maximum(told.known[rows], day).astype("M8[s]")),
        "end_known_on": never.copy(),
        "title": _titles(told, rows),
        "publisher": _all(by.publisher, rows),
        "source": _sources(told, by, rows),
    }
    for name, column in (("url", told.url), ("note", told.note)):
        if column is not None:
            filled[name] = column.iloc[rows].reset_index(drop=True)
    blank = _all("", rows)
    table = pd.DataFrame({name: filled.get(name, blank) for name in EVENTS.names}, copy=False)
    return table.assign(code=code, n_reports=np.asarray(reports, np.int64))


def _all(text: str, rows: np.ndarray) -> pd.Series:
    return spread([text], np.zeros(len(rows), np.int64))


def _ids(
    told: Told, by: Publisher, act: tuple[pd.Series, pd.Series, pd.Series], rows: np.ndarray
) -> pd.Series:
    """The publisher's record id, or (where it gives none) the sides, type and day."""
    if told.record is not None:
        return by.prefix + ":" + told.record.iloc[rows].reset_index(drop=True)
    event_type, actor, recipient = act
    place, days = pd.factorize(told.day[rows])
    day = spread([str(day) for day in days.astype("M8[D]")], place)
    made = by.prefix + ":" + actor + "-" + recipient + "-" + event_type + "-" + day
    again = made.groupby(made).cumcount().to_numpy()
    if not again.any():
        return made
    return made.where(again == 0, made + "-" + pd.Series(again + 1).astype("str"))


def _titles(told: Told, rows: np.ndarray) -> pd.Series:
    """Who was coded as doing what to whom, sides as the publisher gave them."""
    code, texts = pd.factorize(told.code.iloc[rows])
    known, n = [str(text) for text in texts], len(codes())
    place, keys = pd.factorize((told.actor[rows] * n + told.recipient[rows]) * max(len(known), 1) + code)
    sides, at = np.divmod(np.asarray(keys, np.int64), max(len(known), 1))
    first, second = np.divmod(sides, n)
    names = codes()
    parts = zip(first.tolist(), second.tolist(), at.tolist())
    return spread([f"{names[one]} to {names[other]}: {known[what]}" for one, other, what in parts], place)


def _sources(told: Told, by: Publisher, rows: np.ndarray) -> pd.Series:
    if told.record is None:
        return _all(by.dataset, rows)
    return by.dataset + ", record " + told.record.iloc[rows].reset_index(drop=True)
