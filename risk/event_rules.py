"""What an event row must satisfy beyond its single cells: sides, ends, stages, money, days, look-alikes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from risk.codebook import Codebook, load_codebook
from risk.days import day_number
from risk.reading import Draft
from risk.reading.keys import check_key
from risk.reading.problems import quoted

__all__ = ["check_event_rows"]

NEAR_DAYS = 3
PRECISIONS = ("day", "month", "year")


def check_event_rows(draft: Draft, strict_future: str | None, dedupe: str) -> None:
    """Apply the rules of the event table to a draft whose columns have been read."""
    codebook = draft.options.codebook or load_codebook()
    _settle_ends(draft)
    _settle_dates(draft)
    _check_future(draft, strict_future)
    directed = _types_that(draft, codebook.is_directed)
    mutual = draft.sound("event_type") & ~directed
    _check_sides(draft)
    _check_participants(draft, mutual)
    _order_mutual(draft, mutual)
    _check_ends(draft, _types_that(draft, codebook.is_state))
    _check_stages(draft, codebook)
    _check_money(draft)
    options = draft.options
    draft.policies |= {"date_policy": options.date_policy, "dedupe": dedupe, "limit": f"{options.limit:g}"}
    check_key(draft)
    _look_alikes(draft, dedupe)


def _given(draft: Draft, name: str) -> np.ndarray:
    return (draft.columns[name] != "").to_numpy(bool)


def _types_that(draft: Draft, are_so: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """A property of the type, by row; False where the type is refused."""
    answers = np.zeros(len(draft), dtype=bool)
    known = draft.sound("event_type")
    types, codes = draft.columns.distinct("event_type")
    kept = np.unique(codes[known])
    if len(kept):
        so = np.zeros(len(types), dtype=bool)
        so[kept] = np.asarray(are_so(np.array(types, dtype=object)[kept]), dtype=bool)
        answers[known] = so[codes[known]]
    return answers


def _settle_dates(draft: Draft) -> None:
    """Fill precision and known-on days; a month or year is never placed after the day it was known."""
    first, last = draft.spans["date"]
    length = (last - first).astype(np.int64)
    derived = np.select([length >= 364, length >= 27], [2, 1], 0)
    _settle_precision(draft, derived)
    date = draft.columns["date"].to_numpy().astype("M8[s]")
    known = draft.columns["known_on"].to_numpy().astype("M8[s]")
    earlier = (derived > 0) & (known >= first) & (known < date)
    date = np.where(earlier, known, date)
    draft.note(
        "known_on.early",
        int((known < date).sum()),
        "rows were known before their date (announcements?)",
        "known_on",
    )
    draft.columns["date"] = pd.Series(date)
    draft.columns["known_on"] = pd.Series(np.where(np.isnat(known), date, known))


def _settle_precision(draft: Draft, derived: np.ndarray) -> None:
    texts, codes = draft.columns.distinct("date_precision")
    place = {"": -1, **{word: place for place, word in enumerate(PRECISIONS)}}
    told = np.array([place.get(text, 0) for text in texts], dtype=np.int64)[codes]
    clash = (derived > 0) & (told >= 0) & (told != derived) & draft.sound("date", "date_precision")
    raws = draft.raw(np.flatnonzero(clash), "date")
    messages = [f"the date {quoted(raw)} is not a {PRECISIONS[at]}" for raw, at in zip(raws, told[clash])]
    draft.refuse(clash, "date_precision", "date_precision.conflict", messages)
    draft.columns.put("date_precision", PRECISIONS, np.where(told < 0, derived, told))


def _check_future(draft: Draft, strict_future: str | None) -> None:
    if strict_future is not None:
        last = np.datetime64(day_number(strict_future, name="strict_future"), "D")
        late = draft.columns["date"].to_numpy() > last
        draft.refuse(late, "date", "date.future", f"the date is after {last}")


def _check_sides(draft: Draft) -> None:
    actor, recipient, many = _given(draft, "actor"), _given(draft, "recipient"), _given(draft, "participants")
    for name, given in (("actor", actor), ("recipient", recipient)):
        alone = ~given & ~many & draft.sound("date", "actor", "recipient", "participants")
        message = f"no {name} given; an event has an actor and a recipient, or participants"
        draft.refuse(alone, name, "state.missing", message)
    both = many & (actor | recipient)
    message = "actor and recipient must be empty where participants are given"
    draft.refuse(both, "participants", "participants.sides", message)
    itself = actor & (draft.columns["actor"] == draft.columns["recipient"]).to_numpy(bool)
    places = np.flatnonzero(itself)
    pairs = zip(
        draft.raw(places, "actor"), draft.raw(places, "recipient"), draft.columns["actor"].iloc[places]
    )
    messages = [
        f"{one!r} stands on both sides" if one == other else f"{one!r} and {other!r} are both {code}"
        for one, other, code in pairs
    ]
    draft.refuse(itself, "recipient", "dyad.self", messages)


def _check_participants(draft: Draft, mutual: np.ndarray) -> None:
    given = _given(draft, "participants")
    if not given.any():
        return
    draft.refuse(
        given & ~mutual & draft.sound("event_type"), "participants", "participants.directed",
        "participants are for mutual types; write one row per actor and recipient",
    )  # fmt: skip
    codes, lists = pd.factorize(draft.columns["participants"])
    members = [str(text).split(";") for text in lists]
    few = np.array([len(set(states)) < 3 for states in members])[codes]
    twice = np.array([len(set(states)) < len(states) for states in members])[codes]
    draft.refuse(
        given & twice, "participants", "dyad.self", "the same state stands twice among the participants"
    )
    message = "fewer than three participants; write two states as actor and recipient"
    draft.refuse(given & few & ~twice, "participants", "participants.few", message)


def _order_mutual(draft: Draft, mutual: np.ndarray) -> None:
    """Mutual acts are stored once, sides in alphabetical order."""
    actor, recipient = (draft.columns[name] for name in ("actor", "recipient"))
    swap = mutual & (recipient != "").to_numpy(bool) & (actor > recipient).to_numpy(bool)
    if swap.any():
        draft.columns["actor"], draft.columns["recipient"] = (
            actor.mask(swap, recipient),
            recipient.mask(swap, actor),
        )
        text = "rows of mutual types had their sides put into alphabetical order"
        draft.note("sides.swapped", int(swap.sum()), text)


def _settle_ends(draft: Draft) -> None:
    """An end known by its month or year is never placed before the date, nor such a date after the end."""
    date, end = (draft.columns[name].to_numpy().astype("M8[s]") for name in ("date", "end"))
    first, last = draft.spans["date"][0], draft.spans["end"][1]
    clash = (end < date) & (first <= last)
    draft.columns["end"] = pd.Series(np.where(clash & (last >= date), date, end))
    draft.columns["date"] = pd.Series(np.where(clash & (last < date), end, date))


def _check_ends(draft: Draft, lasting: np.ndarray) -> None:
    date, end, end_known = (draft.columns[name].to_numpy() for name in ("date", "end", "end_known_on"))
    ended = ~np.isnat(end)
    early = ended & (end < date)
    days = zip(end[early].astype("M8[D]"), date[early].astype("M8[D]"))
    draft.refuse(
        early, "end", "end.before_date", [f"end {last} is before date {first}" for last, first in days]
    )
    stray = ended & ~lasting & draft.sound("event_type")
    names = draft.columns["event_type"][stray]
    messages = [f"{name} is an act of one day and has no end" for name in names]
    draft.refuse(stray, "end", "end.not_lasting", messages)
    orphan = ~ended & ~np.isnat(end_known) & draft.sound("end")
    draft.refuse(orphan, "end_known_on", "end.missing", "end_known_on is given but end is not")
    draft.columns["end_known_on"] = pd.Series(np.where(np.isnat(end_known), end, end_known))


def _check_stages(draft: Draft, codebook: Codebook) -> None:
    given = _given(draft, "stage") & draft.sound("event_type", "stage")
    rows = np.flatnonzero(given)
    if not len(rows):
        return
    pairs = pd.DataFrame(
        {name: draft.columns[name].iloc[rows].to_numpy() for name in ("event_type", "stage")}
    )
    verdicts = {
        (kind, stage): _stage_fault(codebook, kind, stage)
        for kind, stage in pairs.drop_duplicates().itertuples(index=False, name=None)
    }
    faults = np.array([verdicts[pair] for pair in pairs.itertuples(index=False, name=None)], dtype=object)
    wrong = np.zeros(len(draft), dtype=bool)
    wrong[rows] = faults != ""
    draft.refuse(wrong, "stage", "stage.unknown", [str(fault) for fault in faults[faults != ""]])


def _stage_fault(codebook: Codebook, kind: str, stage: str) -> str:
    stages = stages_of(codebook, kind)
    if stage in stages:
        return ""
    if not stages:
        return f"{kind} has no stages; leave the cell empty"
    return f"{quoted(stage)} is no stage of {kind}; its stages are {', '.join(stages)}"


def stages_of(codebook: Codebook, kind: str) -> list[str]:
    """Names of a type's stages, in the codebook's order."""
    table = codebook.stages
    return table.loc[table["event_type"] == kind, "stage"].tolist()


def _check_money(draft: Draft) -> None:
    if not draft.has("currency"):
        return
    told = draft.frame["currency"].astype(object).fillna("").astype(str).str.strip()
    wrong = draft.columns["value"].notna().to_numpy(bool) & (told != "USD").to_numpy(bool)
    messages = [
        f"the value is in {text or 'no named currency'}; give US$ million and USD" for text in told[wrong]
    ]
    draft.refuse(wrong, "currency", "currency.unknown", messages)


def _look_alikes(draft: Draft, dedupe: str) -> None:
    """Rows that may tell one event twice: noted, and with ``dedupe="content"`` equal content is kept once."""
    rows = np.flatnonzero(draft.sound())
    key = np.zeros(len(rows), dtype=np.int64)
    for name in ("actor", "recipient", "participants", "event_type", "stage", "act_id"):
        if draft.has(name):
            texts, codes = draft.columns.distinct(name)
            key = key if len(texts) < 2 else pd.factorize(key * len(texts) + codes[rows])[0].astype(np.int64)
    days = draft.columns["date"].to_numpy()[rows].astype("M8[D]").astype(np.int64)
    order = np.lexsort((days, key))
    rows = rows[order]
    twin = (np.diff(key[order]) == 0) & (np.diff(days[order]) == 0)
    same = _same_content(draft, np.unique(np.concatenate([rows[:-1][twin], rows[1:][twin]])))
    text = "rows repeat another row under a different id"
    draft.note("duplicate.content", int(same.sum()), text, "event_id")
    first = ~same[rows]
    close = (np.diff(key[order][first]) == 0) & (np.diff(days[order][first]) <= NEAR_DAYS)
    text = f"rows tell the same sides, type, act and stage within {NEAR_DAYS} days of another row"
    draft.note("duplicate.near", int(close.sum()), text)
    if dedupe == "content":
        message = "the same content as another row, under a different id"
        draft.refuse(same, "event_id", "duplicate.content", message)


def _finer(key: np.ndarray, column: pd.Series) -> np.ndarray:
    """Group numbers that also tell the column's values apart."""
    codes, values = pd.factorize(column)
    if len(values) < 2 and not (codes < 0).any():
        return key
    return pd.factorize(key * (len(values) + 1) + codes)[0].astype(np.int64)


def _same_content(draft: Draft, rows: np.ndarray) -> np.ndarray:
    """True for all but the first (by id) of the rows that differ in nothing but their id."""
    same = np.zeros(len(draft), dtype=bool)
    table = draft.table()
    key = np.zeros(len(rows), dtype=np.int64)
    told = [name for name in table.columns if draft.has(name) and name != "event_id"]
    for name in ["date_precision", *told]:
        if not len(rows):
            return same
        cells = table[name].iloc[rows]
        key = _finer(key, cells.map(str) if cells.dtype == object else cells)
        several = np.bincount(key)[key] > 1
        rows, key = rows[several], pd.factorize(key[several])[0].astype(np.int64)
    by_id = np.argsort(table["event_id"].iloc[rows].to_numpy(object), kind="stable")
    same[rows[by_id][pd.Series(key[by_id]).duplicated().to_numpy()]] = True
    return same
