"""
Yearly dyad scores (GGE) and sanctions cases (GSDB) as a backtest: an upper bound, for both are compiled with hindsight.

A row is a sender, a target and the end of a year; the outcome is a case begun in the next year. Cases of the European
Union count for its members of the time; cases of the United Nations are left out, because they bind everyone.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from risk.kernels import net_ratio
from risk.sources.cases import pairs
from risk.sources.gge import read_gge
from risk.sources.gsdb import read_gsdb
from risk.validation.report import Report
from risk.validation.rolling import backtest, boosting, climatology, persistence, scorecard, single

__all__ = ["GGE_FILE", "GSDB_FILE", "NOTE", "gge_report", "gge_table", "gge_years"]

GGE_FILE = Path("gge", "dyad_geopolitical_scores_Major24.csv")
GSDB_FILE = Path("gsdb", "gsdb_r4_to_2016.csv")
NOTE = "GGE events and GSDB cases are compiled with hindsight: every figure here is an upper bound."
FAST, SLOW = 1.0, 10.0  # half-lives in years, as the recipe has them in days
FIRST_TEST, LAST = "1985-12-31", 2015
CONFLICT = {"hostile_fast": 1, "hostile_slow": 1}
STOCKS = {**CONFLICT, "friendly_fast": -1, "friendly_slow": -1, "own_cases": 1}
SIGNS = {**STOCKS, "recent_cases": 1, "other_senders": 1, "propensity": 1, "sanctioned_friends": 1}


def gge_years(folder: Path) -> pd.DataFrame:
    """
    Yearly scores with the decayed stocks of each dyad.

    Returns
    -------
    pandas.DataFrame
        ``a, b, year, score, n_events, score_dynamic`` and ``C_fast, C_slow, D_fast, D_slow``: the year's mean score
        times its number of events, split by its sign (the file holds no single events), decayed from mid-year.
    """
    table = read_gge(folder / GGE_FILE).table.replace({"a": {"SUN": "RUS"}, "b": {"SUN": "RUS"}})
    swap = table["a"] > table["b"]
    table.loc[swap, ["a", "b"]] = table.loc[swap, ["b", "a"]].to_numpy()
    table = table.sort_values(["a", "b", "year"], ignore_index=True)
    amount = (table["score"].fillna(0) * table["n_events"]).to_numpy()
    dyad = table.groupby(["a", "b"]).ngroup().to_numpy()
    for sign, letter in ((1, "C"), (-1, "D")):
        for clock, half_life in (("fast", FAST), ("slow", SLOW)):
            table[f"{letter}_{clock}"] = _decayed(np.maximum(sign * amount, 0), dyad, half_life)
    return table


def _decayed(amount: np.ndarray, group: np.ndarray, half_life: float) -> np.ndarray:
    """Running sums within groups of consecutive years, halved every half-life."""
    kept, half = 0.5 ** (1 / half_life), 0.5 ** (0.5 / half_life)
    out, stock = np.empty(len(amount)), 0.0
    for at, value in enumerate(amount):
        stock = (stock if at and group[at] == group[at - 1] else 0.0) * kept + value * half
        out[at] = stock
    return out


def _cases(folder: Path) -> pd.DataFrame:
    """Cases by sender and target state with their first and last year, without those of the United Nations."""
    cases = pairs(read_gsdb(folder / GSDB_FILE, errors="quarantine").table)
    cases = cases[cases["sender_through"] != "UN"].replace(
        {"sender": {"SUN": "RUS"}, "target": {"SUN": "RUS"}}
    )
    begin = cases["start"].dt.year
    last = cases["end"].dt.year.fillna(9999).astype(int)
    return cases.assign(begin=begin, last=last)[
        ["case_id", "sender", "target", "begin", "last"]
    ].drop_duplicates()


def gge_table(folder: Path, task: str = "any") -> pd.DataFrame:
    """
    Features and outcome of every directed dyad at every year end, 1955 to 2015.

    Returns
    -------
    pandas.DataFrame
        Index ``(as_of, sender, target)``; ``happened`` and the features.
    """
    years, cases = gge_years(folder), _cases(folder)
    sides = {"a": "sender", "b": "target"}, {"b": "sender", "a": "target"}
    table = pd.concat([years.rename(columns=side) for side in sides], ignore_index=True)
    table = table[table["year"].between(1955, LAST)].reset_index(drop=True)
    table = table.join(_counts(cases), on=["sender", "target", "year"])
    counted = ["begun_next", "begun_now", "own", "before"]
    table[counted] = table[counted].fillna(0)
    table = _with_features(table, _others(cases))
    table["as_of"] = pd.to_datetime(table["year"].astype(str) + "-12-31")
    table["label_from"] = table["as_of"] + pd.Timedelta(days=1)
    table = table.set_index(["as_of", "sender", "target"]).sort_index()
    return table if task == "any" else table[table["before"] == 0]


def _counts(cases: pd.DataFrame) -> pd.DataFrame:
    """Cases by sender, target and year: begun next year, begun this year, running, and ever begun by then."""
    spans = cases.assign(year=[range(begin - 1, LAST + 1) for begin in cases["begin"]]).explode("year")
    spans = spans.dropna(subset="year").astype({"year": int})
    flags = {
        "begun_next": spans["year"] == spans["begin"] - 1,
        "begun_now": spans["year"] == spans["begin"],
        "own": (spans["year"] >= spans["begin"])
        & (spans["year"] < spans["last"].clip(lower=spans["begin"] + 1)),
        "before": spans["year"] >= spans["begin"],
    }
    return spans.assign(**flags).groupby(["sender", "target", "year"])[list(flags)].sum()


def _others(cases: pd.DataFrame) -> pd.Series:
    """How many senders of the whole record have a case running against a target in a year."""
    counts = _counts(cases)
    running = counts[counts["own"] > 0].reset_index()
    return running.groupby(["target", "year"])["sender"].nunique().rename("senders")


def _with_features(table: pd.DataFrame, senders: pd.Series) -> pd.DataFrame:
    table = table.join(senders, on=["target", "year"])
    begun = table.assign(new=table["begun_now"] > 0).groupby(["sender", "year"])["new"].sum().rename("new")
    mood = begun.groupby(level="sender").transform(lambda column: column.rolling(3, min_periods=1).sum())
    table = table.join(np.log1p(mood.astype(float)).rename("propensity"), on=["sender", "year"])
    friends = _sanctioned_friends(table)
    stocks = {
        f"{word}_{clock}": np.log1p(table[f"{letter}_{clock}"])
        for word, letter in (("hostile", "D"), ("friendly", "C"))
        for clock in ("fast", "slow")
    }
    cooperation, conflict = table["C_fast"] + table["C_slow"], table["D_fast"] + table["D_slow"]
    return table.assign(
        **stocks,
        happened=(table["begun_next"] > 0).astype(int),
        own_cases=np.log1p(table["own"]),
        recent_cases=np.log1p(table["begun_now"]),
        other_senders=np.log1p((table["senders"].fillna(0) - (table["own"] > 0)).clip(lower=0)),
        sanctioned_friends=np.log1p(friends),
        net_score=net_ratio(cooperation.to_numpy(), conflict.to_numpy(), 1.0, 0.0),
    )


def _sanctioned_friends(table: pd.DataFrame) -> np.ndarray:
    """For sender s and target t: sum over partners p of the cooperation of t and p where s has a case against p."""
    states = sorted(set(table["sender"]))
    at = {state: number for number, state in enumerate(states)}
    out = np.zeros(len(table))
    for _, rows in table.groupby("year"):
        one, two = rows["sender"].map(at).to_numpy(), rows["target"].map(at).to_numpy()
        ties, held = np.zeros((len(states),) * 2), np.zeros((len(states),) * 2)
        ties[one, two] = rows["C_fast"] + rows["C_slow"]
        held[one, two] = rows["own"] > 0
        out[rows.index] = (held @ ties)[one, two]
    return out


def gge_report(
    table: pd.DataFrame, sender: str | None, what: str, rng: np.random.Generator, *, draws: int = 200
) -> Report:
    """
    The rolling backtest of one sender, or of all (None), with the published score and larger cards beside it.

    The scorecard here has the two conflict stocks alone. The panel has 13 cases of the United States and, of the other
    senders, mostly unions acting on one day: by the rule of ten events a feature (Peduzzi et al. 1996,
    doi:10.1016/S0895-4356(96)00236-3) it cannot carry nine, and they are shown beside it.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`gge_table`.
    """
    if sender is not None:
        table = table[table.index.get_level_values("sender") == sender]
    models = {
        "climatology": climatology,
        "persistence": persistence("recent_cases" if what == "any new case" else "other_senders"),
        "net score": single("net_score"),
        "GGE score": single("score_dynamic"),
        "scorecard": scorecard(CONFLICT, plain=True),
        "stocks, cases in force": scorecard(STOCKS, plain=True),
        "all nine features": scorecard(SIGNS, n_folds=3),
        "boosting (ceiling)": boosting(list(SIGNS)),
    }
    predictions = backtest(table, models, first=FIRST_TEST)
    title = f"{sender or 'all 24 senders'}: {what} next year; GGE and GSDB, year ends 1985-{LAST}"
    return Report.of(title, predictions, rng, note=NOTE, consequence="", draws=draws)
