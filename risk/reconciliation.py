"""
The same event told by several sources: reports grouped into clusters, every report kept with its own known-on day.

Nothing is averaged. Reports of one event get one ``act_id`` and one event type, and the score merges reports of one act
as of each query: confidence ``1 - prod(1 - q)`` over the independent publishers known by that day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.codebook import Codebook, load_codebook
from risk.events import EVENTS, EventError
from risk.reading import Reading

__all__ = ["Reconciled", "reconcile"]

SLACK = {"day": 0, "month": 15, "year": 183}
"""Days by which an imprecise date, placed in the middle of its month or year, may be off."""

Tables = Sequence[pd.DataFrame | Reading] | Mapping[str, pd.DataFrame | Reading]


@dataclass(frozen=True, eq=False)
class Reconciled:
    """
    What :func:`reconcile` returns.

    Attributes
    ----------
    table : pandas.DataFrame
        An event table of all reports, in the order in which they became known, with four more columns:
        ``cluster_id`` (the id of the report that opened the cluster), ``told_by`` (its table), ``told_type`` and
        ``told_act`` (event type and act as the source gave them).
    conflicts : pandas.DataFrame
        One row per report and kind of conflict with the report that leads: ``cluster_id, kind`` (``date``,
        ``sign``, ``party``, ``type``, ``act``), ``event_id, told, lead_id, lead_told, known_on`` (day from which
        the conflict could be seen).
    window : int
        Days.
    """

    table: pd.DataFrame
    conflicts: pd.DataFrame
    window: int

    def __repr__(self) -> str:
        clusters = self.table["cluster_id"].nunique()
        return f"Reconciled({len(self.table)} reports, {clusters} clusters, {len(self.conflicts)} conflicts)"


def reconcile(tables: Tables, window: int = 3, *, codebook: Codebook | None = None) -> Reconciled:
    """
    Group the reports of several sources that tell one event.

    Reports are taken in the order in which they became known, on one day by their ids: the order of tables and rows
    does not count. Each joins the cluster of its dyad and type family whose first report is at most ``window`` days
    from its date (an imprecise date has its own slack) and in which its table has not told the event yet: within one
    table rows are different events (only a table that told it with the other sign may still tell it with the first
    report's). Of several such clusters the one of the same event type is taken, then of the same sign, then the
    nearest, then the oldest. So what is known later never changes what was grouped before, and no chain leads far
    from a first report.

    A cluster's reports of one sign become one act: they take event type, stage, ``act_id``, end and size of the first
    of them (on the same day: of one that has an ``act_id``, then of the surest). A report that has another
    ``act_id`` or stage keeps both, and reports of the other sign stay an event of their own; both are conflicts.

    Parameters
    ----------
    tables : sequence or mapping of event tables or Readings
        Checked; ids must be unique over all. A mapping's keys name the tables.
    window : int
        Days, >= 0. Three days are the span in which the readers look for near duplicates.
    codebook : Codebook, optional
        For families and signs; without it the embedded one.

    Returns
    -------
    Reconciled

    Raises
    ------
    EventError
        ``event_id.conflict`` where one id stands in two rows; ``column.missing``.

    Examples
    --------
    >>> from risk.events import check_events
    >>> row = {"actor": "RUS", "recipient": "VEN", "event_type": "drill.naval", "confidence": 0.5}
    >>> one = check_events(pd.DataFrame([row | {"event_id": "a", "date": "2019-12-01", "publisher": "P"}]))
    >>> two = check_events(pd.DataFrame([row | {"event_id": "b", "date": "2019-12-02", "publisher": "Q"}]))
    >>> found = reconcile({"ledger": one, "feed": two})
    >>> found.table[["event_id", "cluster_id", "act_id"]].to_numpy().tolist()
    [['a', 'a', 'reports:a'], ['b', 'a', 'reports:a']]
    >>> found.conflicts[["kind", "told", "lead_told"]].to_numpy().tolist()
    [['date', '2019-12-02', '2019-12-01']]
    """
    if isinstance(window, bool) or int(window) != window or window < 0:
        raise ValueError(f"window must be a whole number of days >= 0, not {window!r}")
    book = codebook or load_codebook()
    reports = _joined(tables)
    facts = _facts(reports, book)
    cluster, lead = _clusters(facts, int(window))
    table = reports.assign(
        cluster_id=reports["event_id"].to_numpy(object)[cluster],
        told_type=reports["event_type"],
        told_act=reports["act_id"],
    ).astype({"cluster_id": "str"})
    conflicts = _conflicts(table, facts, cluster, lead)
    return Reconciled(_as_acts(table, facts, lead, book), conflicts, int(window))


def _joined(tables: Tables) -> pd.DataFrame:
    """All reports, in the order in which they became known; the surest one of a day that names its act leads."""
    named = tables if isinstance(tables, Mapping) else {str(at): table for at, table in enumerate(tables)}
    frames = []
    for name, given in named.items():
        frame = given.table if isinstance(given, Reading) else given
        missing = [column for column in EVENTS.names if column not in frame.columns]
        if missing:
            message = f"table {name!r} lacks {', '.join(missing)}; check it with check_events first"
            raise EventError(message, "column.missing", None, missing[0])
        frames.append(frame[list(EVENTS.names)].assign(told_by=str(name)))
    if not frames:
        raise EventError("no tables to reconcile", "table.empty")
    joined = pd.concat(frames, ignore_index=True)
    order = joined.assign(unnamed=joined["act_id"] == "", doubt=-joined["confidence"]).sort_values(
        ["known_on", "unnamed", "doubt", "event_id"], kind="stable"
    )
    twice = joined["event_id"].duplicated()
    if twice.any():
        first = joined["event_id"][twice].iloc[0]
        message = f"{int(twice.sum())} ids stand in more than one row, as {first!r}; ids must be unique over all tables"
        raise EventError(message, "event_id.conflict", None, "event_id")
    return joined.loc[order.index].reset_index(drop=True)


@dataclass(frozen=True)
class _Facts:
    """What grouping looks at, one element per report."""

    group: np.ndarray
    day: np.ndarray
    slack: np.ndarray
    kind: np.ndarray
    sign: np.ndarray
    table: np.ndarray


def _facts(reports: pd.DataFrame, book: Codebook) -> _Facts:
    kind, types = pd.factorize(reports["event_type"])
    names = [str(name) for name in types]
    family = pd.factorize(book.family(names))[0][kind] if names else kind
    actor, recipient = (reports[name].to_numpy(object) for name in ("actor", "recipient"))
    swap = np.asarray(actor > recipient, dtype=bool)
    first, second = np.where(swap, recipient, actor), np.where(swap, actor, recipient)
    columns = {"a": first, "b": second, "many": reports["participants"].to_numpy(object), "family": family}
    sides = pd.DataFrame(columns)
    sign = np.sign(book.intensity(names))[kind] if names else np.zeros(0)
    return _Facts(
        group=sides.groupby(list(sides.columns), sort=False).ngroup().to_numpy(),
        day=reports["date"].to_numpy().astype("M8[D]").astype(np.int64),
        slack=reports["date_precision"].map(SLACK).fillna(0).to_numpy(np.int64),
        kind=kind,
        sign=sign.astype(np.int64),
        table=pd.factorize(reports["told_by"])[0],
    )


def _clusters(facts: _Facts, window: int) -> tuple[np.ndarray, np.ndarray]:
    """For each report, the one that opened its cluster, and the one that leads the cluster's reports of its sign."""
    cluster, lead = np.arange(len(facts.group)), np.arange(len(facts.group))
    tellers = pd.DataFrame({"group": facts.group, "table": facts.table}).drop_duplicates()["group"]
    shared = np.flatnonzero(np.bincount(tellers, minlength=1)[facts.group] > 1) if len(cluster) else cluster
    opened = _Opened(facts)
    leads: dict[tuple[int, int], int] = {}
    told: set[tuple[int, int, int]] = set()
    for row, sign, table in zip(shared.tolist(), facts.sign[shared].tolist(), facts.table[shared].tolist()):
        near = [
            first
            for first in opened.near(row, window)
            if not {(first, table, sign), (first, table, int(facts.sign[first]))} & told
        ]
        first = min(near, key=lambda other: _distance(facts, leads, other, row)) if near else row
        if first == row:
            opened.add(row)
        cluster[row] = first
        lead[row] = leads.setdefault((first, sign), row)
        told.add((first, table, sign))
    return cluster, lead


class _Opened:
    """Reports that opened a cluster, found by group and day."""

    def __init__(self, facts: _Facts):
        self.facts = facts
        self.on_day: dict[tuple[int, int], list[int]] = defaultdict(list)
        self.vague: dict[int, list[int]] = defaultdict(list)

    def add(self, row: int) -> None:
        group = int(self.facts.group[row])
        if self.facts.slack[row]:
            self.vague[group].append(row)
        else:
            self.on_day[group, int(self.facts.day[row])].append(row)

    def near(self, row: int, window: int) -> list[int]:
        """Those of the report's group at most ``window`` days from it, the oldest first."""
        group, day = int(self.facts.group[row]), int(self.facts.day[row])
        reach = window + int(self.facts.slack[row])
        found = [
            first for at in range(day - reach, day + reach + 1) for first in self.on_day.get((group, at), ())
        ]
        vague = [first for first in self.vague.get(group, ()) if _apart(self.facts, first, row) <= window]
        return sorted([*found, *vague])


def _apart(facts: _Facts, first: int, row: int) -> int:
    """Days between two reports beyond what their imprecision allows."""
    return abs(int(facts.day[first] - facts.day[row])) - int(max(facts.slack[first], facts.slack[row]))


def _distance(
    facts: _Facts, leads: dict[tuple[int, int], int], first: int, row: int
) -> tuple[bool, bool, int, int]:
    same = leads.get((first, int(facts.sign[row])))
    other_type = same is None or facts.kind[same] != facts.kind[row]
    return bool(other_type), same is None, abs(int(facts.day[first] - facts.day[row])), first


def _bound(table: pd.DataFrame, lead: np.ndarray) -> np.ndarray:
    """Reports that are part of their lead's act: not those that name another act or stage."""
    act, stage = (table[name].to_numpy(object) for name in ("act_id", "stage"))
    other = ((act != "") & (act != act[lead])) | ((stage != "") & (stage != stage[lead]))
    return ~other | (lead == np.arange(len(lead)))


def _as_acts(table: pd.DataFrame, facts: _Facts, lead: np.ndarray, book: Codebook) -> pd.DataFrame:
    """Reports of one sign in a cluster as one act, so that the score merges them as of each query."""
    bound = _bound(table, lead)
    several = np.bincount(lead[bound], minlength=len(table))[lead] > 1
    rows = np.flatnonzero(bound & several)
    if not len(rows):
        return table
    made = table.copy()
    leads = table.iloc[lead[rows]]
    for name in ("event_type", "stage", "end", "end_known_on", "magnitude", "value"):
        made[name] = _put(made[name], rows, leads[name])
    own = "reports:" + leads["event_id"]
    made["act_id"] = _put(made["act_id"], rows, leads["act_id"].where(leads["act_id"] != "", own))
    mutual = ~np.asarray(book.is_directed(made["event_type"].iloc[rows]), dtype=bool)
    actor, recipient = made["actor"].iloc[rows], made["recipient"].iloc[rows]
    turn = mutual & (actor > recipient).to_numpy(bool)
    made["actor"] = _put(made["actor"], rows, actor.mask(turn, recipient))
    made["recipient"] = _put(made["recipient"], rows, recipient.mask(turn, actor))
    return made


def _put(column: pd.Series, rows: np.ndarray, cells: pd.Series) -> pd.Series:
    changed = column.copy()
    changed.iloc[rows] = cells.to_numpy()
    return changed


def _conflicts(table: pd.DataFrame, facts: _Facts, cluster: np.ndarray, lead: np.ndarray) -> pd.DataFrame:
    """Where a report differs from the one that leads its cluster."""
    rows = np.arange(len(table))
    sides = (table["actor"] + " to " + table["recipient"]).to_numpy(object)
    kinds = table["event_type"].to_numpy(object)
    apart = np.abs(facts.day - facts.day[cluster]) - np.maximum(facts.slack, facts.slack[cluster])
    acts = (table["act_id"] + " " + table["stage"]).str.strip().to_numpy(object)
    blank = (table["actor"] == "").to_numpy(bool)
    seen = {
        "date": (apart > 0, table["date"].dt.strftime("%Y-%m-%d").to_numpy(object), cluster),
        "sign": (facts.sign != facts.sign[cluster], kinds, cluster),
        "party": ((sides != sides[lead]) & (kinds == kinds[lead]) & ~blank, sides, lead),
        "type": ((kinds != kinds[lead]), kinds, lead),
        "act": (~_bound(table, lead), acts, lead),
    }
    parts = [_conflict(table, kind, rows[where], told, other) for kind, (where, told, other) in seen.items()]
    return pd.concat(parts, ignore_index=True).sort_values(
        ["known_on", "event_id"], kind="stable", ignore_index=True
    )


def _conflict(
    table: pd.DataFrame, kind: str, rows: np.ndarray, told: np.ndarray, other: np.ndarray
) -> pd.DataFrame:
    ids = table["event_id"].to_numpy(object)
    lead = other[rows]
    cells = (table["cluster_id"].to_numpy(object)[rows], kind, ids[rows], told[rows], ids[lead], told[lead])
    names = ("cluster_id", "kind", "event_id", "told", "lead_id", "lead_told")
    frame = pd.DataFrame(dict(zip(names, cells)), index=np.arange(len(rows))).astype("str")
    return frame.assign(known_on=table["known_on"].to_numpy()[rows])
