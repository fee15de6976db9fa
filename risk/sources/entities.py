"""
Lists of sanctioned persons, firms and ships: one table for every publisher, and its counts as labelled context.

An entity list says who is listed, not how exposed a state is: a hundred shell firms in one port are one measure. So
the table names no target state, and counts come in a column called ``context_entities``; exposure is made of legal
measures alone (:mod:`risk.sanctions`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from risk.reading import Column, Draft, Schema
from risk.reading.columns import spread
from risk.reading.grid import Grid
from risk.sources.feed import FeedError, Layout
from risk.sources.tables import Found

__all__ = [
    "ENTITIES", "KINDS", "count_by_day", "count_entities", "entity_rule", "first_row_rule", "found_records",
    "layout_of", "require_count",
]  # fmt: skip

KINDS = ("individual", "entity", "vessel", "aircraft")
ACTIONS = ("listed", "added", "removed", "changed")
WORDS = (
    "list", "entity_id", "name", "kind", "programmes", "programmes_before", "action", "date", "listed_on",
    "reference", "countries",
)  # fmt: skip

_SPELT_KINDS = {
    "individual": "individual", "person": "individual", "p": "individual",
    "entity": "entity", "enterprise": "entity", "e": "entity", "-0-": "entity",
    "vessel": "vessel", "ship": "vessel", "aircraft": "aircraft",
}  # fmt: skip

ENTITIES = Schema(
    columns=(
        Column("list", "code", blank=False),
        Column("entity_id", "code", required=True, blank=False),
        Column("name", required=True, blank=False),
        Column("kind", "code"),
        Column("programmes"),
        Column("programmes_before"),
        Column("action", "code", blank=False, choices=ACTIONS),
        Column("date", "date"),
        Column("listed_on", "date"),
        Column("reference"),
        Column("countries"),
    ),
    key=("entity_id", "date", "action"),
    noun="entries",
    reader="read_ofac",
)
"""
One row per entry of a list, or per change of one. ``list``: its name; ``entity_id``: the publisher's number;
``kind``: one of ``KINDS`` or empty; ``programmes``: of the publisher, ``;`` between them; ``programmes_before``:
what a change replaced; ``action``: ``listed`` (stands on the list of that ``date``), or ``added``, ``removed``,
``changed`` on that date; ``date``: issue of the list or day the change was seen (NaT where the file does not say);
``listed_on``: day of listing as the publisher gives it; ``reference``: legal act or reference number;
``countries``: of nationality or address as written.
"""


def layout_of(publisher: str, **spellings: tuple[str, ...]) -> Layout:
    """A layout that also knows our own words, for cells that a reader fills in or takes out of XML."""
    both = {word: (*spellings.get(word, ()), word) for word in WORDS}
    needed = ("entity_id", "name")
    return Layout(publisher, both, optional=tuple(word for word in WORDS if word not in needed))


def entity_rule(draft: Draft) -> None:
    """Kinds in our words; an entity that stands twice is judged by the key."""
    codes, values = pd.factorize(draft.columns["kind"])
    kinds = [_SPELT_KINDS.get(str(value).strip().lower(), "") for value in values]
    counts = np.bincount(codes, minlength=len(values))
    for value, kind, count in zip(values, kinds, counts):
        if value and not kind:
            draft.unmapped["kind", str(value)] = int(count)
    draft.columns["kind"] = pd.Series(pd.Series(kinds, dtype="str").array.take(codes))


def first_row_rule(draft: Draft) -> None:
    """
    As :func:`entity_rule`, for lists that tell an entity in several rows: the first one stands for it.

    Its programmes and countries are those of all its rows, as they are in a list that tells it in one.
    """
    entity_rule(draft)
    rows = np.flatnonzero(draft.sound())
    entity = pd.factorize(draft.columns["entity_id"].iloc[rows])[0]
    for name in ("programmes", "countries"):
        joined = _joined(entity, draft.columns[name].iloc[rows])
        if len(rows) < len(draft):
            whole = draft.columns[name].astype(object)
            whole.iloc[rows] = joined.to_numpy()
            joined = whole.astype("str")
        draft.columns[name] = joined
    again = np.zeros(len(draft), dtype=bool)
    again[rows] = pd.Series(entity).duplicated().to_numpy()
    told = "another name, address or act of an entity that already stands in the table"
    draft.refuse(again, "entity_id", "scope.further_row", told)
    draft.keyed = True  # no entity is left twice


def _joined(entity: np.ndarray, cells: pd.Series) -> pd.Series:
    """For each row what is told of its entity in all its rows, each once, ``;`` between them."""
    codes, distinct = pd.factorize(cells)
    texts = [str(text) for text in distinct]
    told, code = np.divmod(
        np.asarray(pd.unique(entity * max(len(texts), 1) + codes), np.int64), max(len(texts), 1)
    )
    written = np.array([text != "" for text in texts], dtype=bool)[code] if len(code) else np.zeros(0, bool)
    told, code = told[written], code[written]
    place = np.full(int(entity.max(initial=-1)) + 1, len(texts))
    place[told[::-1]] = code[::-1]
    texts.append("")
    several = np.flatnonzero(np.bincount(told, minlength=len(place))[told] > 1)
    parts: dict[int, list[str]] = {}
    for at, part in zip(told[several].tolist(), code[several].tolist()):
        parts.setdefault(at, []).append(texts[part])
    place[list(parts)] = np.arange(len(texts), len(texts) + len(parts))
    texts.extend(map(";".join, parts.values()))
    return spread(texts, place[entity])


def found_records(name: str, digest: str, records: Sequence[Mapping[str, str]]) -> Found:
    """Records taken out of XML as the cells of a table; rows count from 1."""
    if not records:
        raise FeedError(f"{name} holds no records", "table.empty")
    columns = [[record.get(word, "") for record in records] for word in WORDS]
    return Found(Grid.of_columns(WORDS, columns, np.arange(1, len(records) + 1)), name, digest)


def require_count(name: str, found: int, *expected: int | None) -> None:
    """Refuse a list that holds another number of entries than it, or the user, says."""
    for count in expected:
        if count is not None and count != found:
            raise FeedError(
                f"{name} holds {found} entries where {count} are expected; fetch it again", "file.count"
            )


def count_entities(table: pd.DataFrame, by: str = "programmes") -> pd.DataFrame:
    """
    How many entities stand on a list, as context.

    Parameters
    ----------
    table : pandas.DataFrame
        ``.table`` of a list's reading (rows with action ``listed``).
    by : {"programmes", "kind"}
        An entity under two programmes counts in both.

    Returns
    -------
    pandas.DataFrame
        ``list``, ``date``, the column named by ``by``, ``context_entities``. Not a measure of any state's exposure.

    Examples
    --------
    >>> rows = {"list": "OFAC SDN", "entity_id": ["1", "2"], "kind": "entity", "programmes": ["CUBA", "CUBA;SDGT"]}
    >>> table = pd.DataFrame(rows).assign(action="listed", date=pd.Timestamp("2024-05-03"))
    >>> count_entities(table)[["programmes", "context_entities"]].to_numpy().tolist()
    [['CUBA', 2], ['SDGT', 1]]
    """
    if by not in ("programmes", "kind"):
        raise ValueError(f"by: {by!r} is none of 'programmes', 'kind'")
    rows = _one_per_programme(table[table["action"] == "listed"], by)
    counts = rows.groupby(["list", "date", by], dropna=False, sort=True)["entity_id"].nunique()
    return counts.rename("context_entities").reset_index()


def count_by_day(listed: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """
    Entities under each programme day by day, as context: a list and the changes after it.

    Parameters
    ----------
    listed : pandas.DataFrame
        Rows with action ``listed``: the list on which the changes begin.
    changes : pandas.DataFrame
        Rows with actions ``added``, ``removed``, ``changed``.

    Returns
    -------
    pandas.DataFrame
        ``date, programmes, added, removed, context_entities``: one row per programme and day with a change; the count
        is that at the end of the day. Not a measure of any state's exposure.

    Examples
    --------
    >>> listed = pd.DataFrame({"entity_id": ["1"], "programmes": ["CUBA"], "action": ["listed"]})
    >>> change = {"entity_id": ["2", "1"], "programmes": ["CUBA", "CUBA"], "action": ["added", "removed"]}
    >>> changes = pd.DataFrame(change).assign(programmes_before="", date=pd.to_datetime(["2021-08-20", "2021-08-23"]))
    >>> count_by_day(listed, changes)["context_entities"].tolist()
    [2, 1]
    """
    base = (
        _one_per_programme(listed[listed["action"] == "listed"]).groupby("programmes")["entity_id"].nunique()
    )
    after = _one_per_programme(changes[changes["action"].isin(["added", "changed"])]).assign(
        added=1, removed=0
    )
    gone = changes[changes["action"].isin(["removed", "changed"])]
    before = gone["programmes"].where(gone["action"] == "removed", gone["programmes_before"])
    lost = _one_per_programme(gone.assign(programmes=before)).assign(added=0, removed=1)
    steps = pd.concat([after, lost]).groupby(["entity_id", "action", "date", "programmes"], as_index=False)
    moves = steps[["added", "removed"]].sum()
    kept = (moves["added"] > 0) & (moves["removed"] > 0)  # a programme on both sides of a change is no change
    days = moves[~kept].groupby(["programmes", "date"], as_index=False)[["added", "removed"]].sum()
    net = (days["added"] - days["removed"]).groupby(days["programmes"]).cumsum()
    days["context_entities"] = net + days["programmes"].map(base).fillna(0).astype("int64")
    return days.sort_values(["date", "programmes"], ignore_index=True)[
        ["date", "programmes", "added", "removed", "context_entities"]
    ]


def _one_per_programme(table: pd.DataFrame, by: str = "programmes") -> pd.DataFrame:
    if by != "programmes":
        return table
    return table.assign(programmes=table["programmes"].str.split(";")).explode("programmes")
