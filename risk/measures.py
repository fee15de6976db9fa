"""Rival measures of alignment on one interface, and by which events they part from ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from risk.days import day_number, day_stamp
from risk.display import html_table, plain, signed
from risk.scorer import Scorer
from risk.votes import kappa as all_pairs
from risk.votes import vote_prior

__all__ = [
    "Disagreement",
    "Measure",
    "alliance",
    "disagreement",
    "gge",
    "goldstein_mean",
    "goldstein_sum",
    "kappa",
    "net_ratio",
    "vote_distance",
]

WINDOW = 365
GGE_DECAY = 0.3


@dataclass(frozen=True, eq=False, repr=False)
class Measure:
    """
    What one measure says of a dyad on a day.

    Attributes
    ----------
    name, a, b : str
    as_of : pandas.Timestamp
    value : float
        NaN where the measure has nothing to go by.
    basis : str
        What the value is made of, in a sentence.
    contributions : pandas.DataFrame
        ``event_id, date, title, share``; shares add up to the value. Empty for measures that are not made of
        events.
    """

    name: str
    a: str
    b: str
    as_of: pd.Timestamp
    value: float
    basis: str
    _contributions: pd.DataFrame = field(repr=False)

    @property
    def contributions(self) -> pd.DataFrame:
        """One row per event; ``share`` adds up to the value."""
        return self._contributions.copy()

    def __repr__(self) -> str:
        return f"<{self.name} {self.a}-{self.b} as of {self.as_of:%Y-%m-%d}: {signed(self.value)} ({self.basis})>"


def _no_events() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _COLUMNS.items()})


_COLUMNS = {"event_id": str, "date": "datetime64[s]", "title": str, "share": float}


def _seen(scorer: Scorer, a: str, b: str, as_of: object) -> tuple[pd.DataFrame, int, str, str]:
    """The dyad's counted events (sanctions measures among them) with their intensity times magnitude, as of a day."""
    score = scorer.alignment(a, b, as_of=as_of)
    table = score.contributions
    return table[table["family"] != "prior"].reset_index(drop=True), day_number(as_of), score.a, score.b


def _measure(
    name: str, a: str, b: str, day: int, value: float, basis: str, table: pd.DataFrame | None = None
) -> Measure:
    shown = _no_events() if table is None else table[list(_COLUMNS)].reset_index(drop=True)
    return Measure(name, a, b, day_stamp(day), float(value), basis, shown)


def net_ratio(scorer: Scorer, a: str, b: str, *, as_of: object) -> Measure:
    """
    Our own alignment, on the interface of its rivals.

    Examples
    --------
    >>> measure = net_ratio(Scorer(), "VEN", "RUS", as_of="2025-10-15")
    >>> bool(abs(measure.contributions["share"].sum() - measure.value) < 1e-12)
    True
    """
    score = scorer.alignment(a, b, as_of=as_of)
    basis = f"C {score.cooperation:.2f}, D {score.conflict:.2f}, prior {score.prior:+.2f}"
    return _measure("net_ratio", score.a, score.b, day_number(as_of), score.value, basis, score.contributions)


def gge(scorer: Scorer, a: str, b: str, *, as_of: object, decay: float = GGE_DECAY) -> Measure:
    r"""
    The decayed yearly mean of Fan's Global Geopolitical Events scores.

    With n events of mean s in year t, :math:`N_t = (1-d) N_{t-1} + n`, :math:`S_t = (1 - n/N_t) S_{t-1} + (n/N_t) s`;
    an empty year multiplies both by 1 - d. Hence the exact share of an event of year tau is
    :math:`g_e (1-d)^{(t-\tau)+q} / N_t`, q being the empty years after tau up to t. The flaw: a friendly event below
    the running mean lowers the score.

    Source: Fan, Wo & Xiang, *Global Geopolitical Events scores*; rule as in their published codebook.

    Parameters
    ----------
    scorer : Scorer
    a, b : str
    as_of : day
        The year of this day is the last one.
    decay : float
        d in (0, 1).

    Examples
    --------
    >>> measure = gge(Scorer(), "VEN", "RUS", as_of="2025-10-15")
    >>> bool(abs(measure.contributions["share"].sum() - measure.value) < 1e-12)
    True
    """
    table, day, a, b = _seen(scorer, a, b, as_of)
    if not len(table):
        return _measure("gge", a, b, day, np.nan, "no event")
    year = table["date"].dt.year.to_numpy()
    last = day_stamp(day).year
    busy = np.unique(year)
    empty = np.array([last - tau - (busy > tau).sum() for tau in year])
    kept = (1 - decay) ** (last - year)
    total = kept.sum()
    share = table["intensity"].to_numpy() * kept * (1 - decay) ** empty / total
    basis = f"{len(table)} events, weight {total:.2f} left"
    return _measure("gge", a, b, day, share.sum(), basis, table.assign(share=share))


def _windowed(
    name: str,
    reduce: Callable[[np.ndarray], np.ndarray],
    scorer: Scorer,
    a: str,
    b: str,
    as_of: object,
    days: int,
) -> Measure:
    table, day, a, b = _seen(scorer, a, b, as_of)
    recent = table[table["date"] > day_stamp(day - days)]
    if not len(recent):
        return _measure(name, a, b, day, np.nan, f"no event in {days} days")
    share = reduce(recent["intensity"].to_numpy())
    return _measure(
        name, a, b, day, share.sum(), f"{len(recent)} events in {days} days", recent.assign(share=share)
    )


def goldstein_mean(scorer: Scorer, a: str, b: str, *, as_of: object, days: int = WINDOW) -> Measure:
    """Mean intensity of the dyad's events in a window of days; each event's share is g/n."""
    return _windowed("goldstein_mean", lambda g: g / len(g), scorer, a, b, as_of, days)


def goldstein_sum(scorer: Scorer, a: str, b: str, *, as_of: object, days: int = WINDOW) -> Measure:
    """Sum of the intensities of the dyad's events in a window of days; each event's share is g."""
    return _windowed("goldstein_sum", lambda g: g, scorer, a, b, as_of, days)


def vote_distance(scorer: Scorer, a: str, b: str, *, as_of: object) -> Measure:
    """1 - 2 distance / reference distance of UN ideal points as known on the day, not faded."""
    score, day = scorer.alignment(a, b, as_of=as_of), day_number(as_of)
    reference = scorer.recipe.reference_distance
    found = vote_prior(scorer.positions, score.a, score.b, day, reference, np.inf)
    if found is None:
        return _measure("vote_distance", score.a, score.b, day, np.nan, "no votes on record")
    value, age, session = found
    return _measure("vote_distance", score.a, score.b, day, value, f"session {session}, {age} days old")


def alliance(scorer: Scorer, a: str, b: str, *, as_of: object) -> Measure:
    """1 where the record holds a mutual defence obligation in force on the day, else 0 (NaN outside the record)."""
    table, day, a, b = _seen(scorer, a, b, as_of)
    pacts = table[table["event_type"] == "treaty.alliance"]
    ends = scorer.events.set_index("event_id")["end"].reindex(pacts["event_id"]).to_numpy()
    standing = pacts[~(ends <= np.datetime64(day, "D"))]
    value = np.nan if not len(table) else float(len(standing) > 0)
    return _measure("alliance", a, b, day, value, f"{len(standing)} obligations on record")


def kappa(
    scorer: Scorer,
    a: str,
    b: str,
    *,
    as_of: object,
    votes: pd.DataFrame | None = None,
    roll_calls: pd.DataFrame | None = None,
) -> Measure:
    """
    Chance-corrected similarity of two states' votes in the last session both voted in (Häge 2011).

    Single votes are not embedded, so they are brought: without them the value is NaN. To ask it beside the others give
    ``disagreement`` a ``functools.partial(kappa, votes=..., roll_calls=...)``.

    Parameters
    ----------
    scorer : Scorer
    a, b : str
    as_of : day
        Only roll calls of this day or before count.
    votes, roll_calls : pandas.DataFrame, optional
        As :func:`risk.votes.kappa` takes them; ``roll_calls`` with ``date`` and ``session``.
    """
    score, day = scorer.alignment(a, b, as_of=as_of), day_number(as_of)
    if votes is None or roll_calls is None:
        return _measure("kappa", score.a, score.b, day, np.nan, "no votes given")
    past = roll_calls[pd.to_datetime(roll_calls["date"]) <= day_stamp(day)]
    mine = votes[votes["rcid"].isin(past["rcid"]) & votes["state"].isin([score.a, score.b])]
    both = mine.groupby("rcid")["state"].nunique()
    shared = past[past["rcid"].isin(both.index[both == 2])]
    if not len(shared):
        return _measure("kappa", score.a, score.b, day, np.nan, "no roll call on which both voted")
    session = shared["session"].max()
    chosen = shared[shared["session"] == session]
    table = all_pairs(mine[mine["rcid"].isin(chosen["rcid"])], chosen)
    basis = f"session {session}, {len(chosen)} roll calls"
    return _measure("kappa", score.a, score.b, day, table["value"].iloc[0], basis)


@dataclass(frozen=True, eq=False, repr=False)
class Disagreement:
    """
    What several measures say of one dyad, and the events by which two of them part.

    Attributes
    ----------
    measures : pandas.DataFrame
        ``measure, value, basis``.
    events : pandas.DataFrame
        ``event_id, date, title, net_ratio, gge, gap``: each event's share under both, widest gap first.
    """

    a: str
    b: str
    as_of: pd.Timestamp
    _measures: pd.DataFrame = field(repr=False)
    _events: pd.DataFrame = field(repr=False)

    @property
    def measures(self) -> pd.DataFrame:
        """One row per measure."""
        return self._measures.copy()

    @property
    def events(self) -> pd.DataFrame:
        """One row per event, widest gap between our share and the decayed mean's first."""
        return self._events.copy()

    def to_dict(self) -> dict:
        """Everything as plain numbers and texts, ready for JSON."""
        return {
            "a": self.a,
            "b": self.b,
            "as_of": plain(self.as_of),
            "measures": plain(self._measures),
            "events": plain(self._events),
        }

    def __repr__(self) -> str:
        said = ", ".join(f"{row.measure} {signed(row.value, 2)}" for row in self._measures.itertuples())
        return f"<Disagreement {self.a}-{self.b} as of {self.as_of:%Y-%m-%d}: {said}>"

    def _repr_html_(self) -> str:
        return html_table(
            ["measure", "value", "basis"], self._measures.itertuples(index=False), repr(self)[1:-1]
        )


ALL = (net_ratio, gge, goldstein_mean, goldstein_sum, vote_distance, alliance)


def disagreement(
    scorer: Scorer, a: str, b: str, *, as_of: object, measures: Iterable[Callable] = ALL
) -> Disagreement:
    """
    Ask every measure about one dyad, and lay our shares beside the decayed mean's.

    Examples
    --------
    >>> said = disagreement(Scorer(), "USA", "VEN", as_of="2025-10-15").measures
    >>> said["measure"].tolist()[:2]
    ['net_ratio', 'gge']
    """
    found = [measure(scorer, a, b, as_of=as_of) for measure in measures]
    table = pd.DataFrame(
        {
            "measure": [m.name for m in found],
            "value": [m.value for m in found],
            "basis": [m.basis for m in found],
        }
    )
    ours, theirs = net_ratio(scorer, a, b, as_of=as_of), gge(scorer, a, b, as_of=as_of)
    both = ours.contributions.rename(columns={"share": "net_ratio"}).merge(
        theirs.contributions[["event_id", "share"]].rename(columns={"share": "gge"}),
        on="event_id",
        how="left",
    )
    both["gap"] = both["net_ratio"] - both["gge"].fillna(0.0)
    order = np.argsort(-both["gap"].abs().to_numpy(), kind="stable")
    return Disagreement(ours.a, ours.b, ours.as_of, table, both.iloc[order].reset_index(drop=True))
