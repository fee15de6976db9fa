"""Does the score agree with the world? Known groups, rank correlations, and next year's events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from risk.days import as_days
from risk.entries import Books
from risk.kernels import net_ratio
from risk.ledger import Ledger, no_positions, no_sanctions, no_ties, open_ledger
from risk.panel import panel
from risk.recipe import Recipe
from risk.validation.gge_panel import gge_years
from risk.validation.metrics import bootstrap_weights, empirical_auc, spearman
from risk.validation.own import year_ends

__all__ = [
    "against_measures", "allies_against_rivals", "event_years", "gge_next_year", "icews_ledger",
    "next_year",
]  # fmt: skip

ATOP_FILE = Path("alliances", "atop_dyad_year.parquet")
SIPRI_FILE = Path("sipri", "trade_register_b.csv")
ICEWS_FILE = Path("icews", "icews_2005_2015_tenth_a.txt")
MIN_EVENTS = 5
ROW = ["as_of", "a", "b"]


def icews_ledger(folder: Path, recipe: Recipe | None = None) -> Ledger:
    """A ledger of ICEWS events alone (a random tenth of 2005-2015): no measures, ties or votes beside them."""
    from risk.sources import read_icews

    events = read_icews(folder / ICEWS_FILE, errors="quarantine").table
    return open_ledger(events, no_sanctions(), recipe, ties=no_ties(), positions=no_positions())


def event_years(ledger: Ledger) -> pd.DataFrame:
    """
    What each dyad's acts of a year weigh, unfaded.

    Returns
    -------
    pandas.DataFrame
        Index ``(year, a, b)``; ``friendly, hostile`` (sums of u), ``square`` (sum of squared u), ``n``; measures and
        other states of affairs in the year they began.
    """
    books: Books = ledger.index.books
    entries = books.entries
    # what later spells of a measure take back is off the spell they take it from
    _, record = np.unique(entries.row.astype(np.int64) * len(books.first) + entries.pair, return_inverse=True)
    taken = np.bincount(record, np.minimum(entries.weight, 0.0))[record]
    weight = np.where(entries.weight > 0, entries.weight + taken, 0.0)
    table = pd.DataFrame({
        "year": entries.day.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970,
        "a": books.states[books.first[entries.pair]], "b": books.states[books.second[entries.pair]],
        "friendly": np.where(entries.sign > 0, weight, 0.0),
        "hostile": np.where(entries.sign < 0, weight, 0.0),
        "act": np.where((entries.cut == entries.cut.max()) & (weight > 0), entries.row, -1),
    })  # fmt: skip
    table["square"] = (table["friendly"] + table["hostile"]) ** 2
    table = table[table["act"] >= 0]  # merged or silenced reports of an act stand in another row
    sums = table.groupby(["year", "a", "b"])[["friendly", "hostile", "square"]].sum()
    return sums.assign(n=table.groupby(["year", "a", "b"])["act"].nunique())


def next_year(ledger: Ledger, years: Iterable[int], min_events: int = 1) -> pd.DataFrame:
    """
    The score at each year end beside the net ratio of the next year's events alone.

    Returns
    -------
    pandas.DataFrame
        Index ``(as_of, a, b)``; the panel's columns, ``gge`` (decayed yearly mean), ``last`` (mean of the last year
        with events) and, of the next year, ``ratio``, ``n`` and ``n_effective``. Only dyads with a record by
        then.
    """
    sums = event_years(ledger).reset_index()
    table = panel(ledger, year_ends(years))
    table = table[table["volume"] > 0].reset_index()
    table["year"] = table["as_of"].dt.year
    after = sums.assign(year=sums["year"] - 1)
    volume = after["friendly"] + after["hostile"]
    after["ratio"] = (after["friendly"] - after["hostile"]) / volume
    after["n_effective"] = volume**2 / after["square"]  # Kish: unequal weights count as fewer equal ones
    table = table.merge(after[["year", "a", "b", "ratio", "n", "n_effective"]], on=["year", "a", "b"])
    table = table[(table["n"] >= min_events) & table["ratio"].notna()]
    return table.merge(_rules(sums), on=["year", "a", "b"], how="left").set_index(ROW)


def _rules(sums: pd.DataFrame) -> pd.DataFrame:
    """GGE's rule (decay .3) and the last value, carried over years without events."""
    parts = []
    last = int(sums["year"].max())
    for (a, b), rows in sums.groupby(["a", "b"]):
        by_year = rows.set_index("year")
        weight = score = 0.0
        latest = np.nan
        for year in range(int(rows["year"].min()), last + 1):
            weight *= 0.7
            if year in by_year.index:
                row = by_year.loc[year]
                latest = (row["friendly"] - row["hostile"]) / row["n"]
                weight += row["n"]
                score += row["n"] / weight * (latest - score)
            else:
                score *= 0.7
            parts.append((year, a, b, score, latest))
    return pd.DataFrame(parts, columns=["year", "a", "b", "gge", "last"])


def rank_correlations(
    table: pd.DataFrame, said: Sequence[str], seen: str, rng: np.random.Generator, draws: int = 200
) -> pd.DataFrame:
    """Spearman correlation of columns with what was seen; intervals from resampled dyads."""
    dyads = table.index.get_level_values("a") + "-" + table.index.get_level_values("b")
    rows = []
    for name in said:
        kept = table[[name, seen]].notna().all(axis=1).to_numpy()
        found = spearman(table.loc[kept, name], table.loc[kept, seen], dyads[kept], rng, draws)
        rows.append([name, *found, int(kept.sum()), dyads[kept].nunique()])
    return pd.DataFrame(rows, columns=["measure", "rho_s", "low", "high", "n", "dyads"])


def gge_next_year(folder: Path, rng: np.random.Generator, draws: int = 200) -> pd.DataFrame:
    """Next year's mean GGE score from this year's net ratio, GGE's own rule and the last value, 1985-2023."""
    table = gge_years(folder)
    table["net_ratio"] = net_ratio(
        (table["C_fast"] + table["C_slow"]).to_numpy(),
        (table["D_fast"] + table["D_slow"]).to_numpy(),
        1.0,
        0.0,
    )
    table["last"] = table.groupby(["a", "b"])["score"].ffill()
    table["next"] = table.groupby(["a", "b"])["score"].shift(-1)
    table = table[table["year"].between(1985, 2023) & table["next"].notna()].set_index(["year", "a", "b"])
    return rank_correlations(table, ["net_ratio", "score_dynamic", "last"], "next", rng, draws)


def allied_years(folder: Path) -> pd.DataFrame:
    """Dyad-years with a mutual defence obligation (ATOP 5, to 2018): ``year, a, b``."""
    from risk.sources.alliances import read_alliances

    table = read_alliances(folder / ATOP_FILE, errors="quarantine").table
    chosen = table[table["kinds"].str.contains("defense") & (table["a"] < table["b"])]
    return chosen[["year", "a", "b"]].astype({"year": int}).drop_duplicates()


def force_years(ledger: Ledger, window: int = 5) -> pd.DataFrame:
    """Dyad-years with a hostile act of force on our record within the last years: ``year, a, b``."""
    types = [name for name, (family, g) in ledger.type_facts.items() if family == "force" and g < 0]
    rows = ledger.events[ledger.events["event_type"].isin(types) & (ledger.events["participants"] == "")]
    low = rows["actor"].where(rows["actor"] < rows["recipient"], rows["recipient"])
    high = rows["recipient"].where(rows["actor"] < rows["recipient"], rows["actor"])
    table = pd.DataFrame({"year": rows["date"].dt.year, "a": low, "b": high}).drop_duplicates()
    return pd.concat([table.assign(year=table["year"] + late) for late in range(window)]).drop_duplicates()


def allies_against_rivals(
    scores: pd.DataFrame,
    allies: pd.DataFrame,
    rivals: pd.DataFrame,
    value: str,
    rng: np.random.Generator,
    draws: int = 200,
) -> dict[str, float]:
    """
    Chance that an allied dyad-year scores above a rival one; dyads that are both count as neither.

    Parameters
    ----------
    scores : pandas.DataFrame
        ``year, a, b`` and the column ``value``.
    """
    table = scores.merge(allies.assign(ally=1.0), on=["year", "a", "b"], how="left")
    table = table.merge(rivals.assign(rival=1.0), on=["year", "a", "b"], how="left").fillna(
        {"ally": 0, "rival": 0}
    )
    table = table[(table["ally"] != table["rival"]) & table[value].notna()]
    if table["ally"].nunique() < 2:
        return {"auc": float("nan"), "low": float("nan"), "high": float("nan"), "allied": 0, "rival": 0}
    weights = bootstrap_weights(table["a"] + "-" + table["b"], draws, rng)
    found = [empirical_auc(table["ally"], table[value], w) for w in weights]
    low, high = np.nanquantile(found, [0.05, 0.95])
    counts = {"allied": int(table["ally"].sum()), "rival": int(table["rival"].sum())}
    return {
        "auc": empirical_auc(table["ally"], table[value]),
        "low": float(low),
        "high": float(high),
        **counts,
    }


def arms_years(folder: Path) -> pd.DataFrame:
    """Arms ordered between two states in five years, log of 1 + SIPRI's trend-indicator value: ``year, a, b, arms``."""
    from risk.sources.sipri import read_sipri

    orders = read_sipri(folder / SIPRI_FILE, errors="quarantine").table
    low = orders[["actor", "recipient"]].astype(str).min(axis=1)
    high = orders[["actor", "recipient"]].astype(str).max(axis=1)
    table = pd.DataFrame(
        {"year": orders["date"].dt.year, "a": low, "b": high, "arms": orders["tiv_delivered"].fillna(0)}
    )
    spread = pd.concat([table.assign(year=table["year"] + late) for late in range(5)])
    return np.log1p(spread.groupby(["year", "a", "b"])["arms"].sum()).reset_index()


def own_scores(ledger: Ledger, years: Iterable[int]) -> pd.DataFrame:
    """The score at year ends of every dyad on record: ``year, a, b, value, events_only, votes``."""
    table = panel(ledger, year_ends(years)).reset_index()
    table = table[table["volume"] > 0]
    only = net_ratio(table["cooperation"].to_numpy(), table["conflict"].to_numpy(), ledger.recipe.kappa, 0.0)
    table = table.assign(year=table["as_of"].dt.year, events_only=only)
    return table.assign(votes=_votes(ledger, table))


def _votes(ledger: Ledger, table: pd.DataFrame) -> np.ndarray:
    """Nearness of UN ideal points as known on each date."""
    from risk.votes import vote_prior_matrix

    out = np.full(len(table), np.nan)
    states = sorted({*table["a"], *table["b"]})
    at = {state: number for number, state in enumerate(states)}
    for day, rows in table.reset_index(drop=True).groupby("as_of"):
        number = int(as_days(pd.Series([day]))[0])
        says = vote_prior_matrix(ledger.positions, states, number, 10.0, np.inf)
        out[rows.index] = says[rows["a"].map(at).to_numpy(), rows["b"].map(at).to_numpy()]
    return out


def against_measures(
    ledger: Ledger, folder: Path | None, rng: np.random.Generator, draws: int = 200
) -> pd.DataFrame:
    """
    Spearman correlation of the score from events alone with what others measure, on the embedded record's dyads.

    Returns
    -------
    pandas.DataFrame
        ``measure, rho_s, low, high, n, dyads``.
    """
    table = own_scores(ledger, range(1999, 2021))
    names = ["votes"]
    if folder is not None:
        gge = gge_years(folder)[["year", "a", "b", "score_dynamic"]].rename(columns={"score_dynamic": "gge"})
        table = table.merge(gge, on=["year", "a", "b"], how="left")
        table = table.merge(allied_years(folder).assign(alliance=1.0), on=["year", "a", "b"], how="left")
        states = set(allied_years(folder)["a"]) | set(allied_years(folder)["b"])
        known = table["a"].isin(states) & table["b"].isin(states) & (table["year"] <= 2018)
        table["alliance"] = table["alliance"].fillna(0.0).where(known)
        table = table.merge(arms_years(folder), on=["year", "a", "b"], how="left")
        table["arms"] = table["arms"].fillna(0.0)
        names += ["gge", "alliance", "arms"]
    table = table.set_index(ROW)
    rows = [rank_correlations(table, [name], "events_only", rng, draws) for name in names]
    return pd.concat(rows, ignore_index=True)
