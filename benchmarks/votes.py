"""
Time the work on votes against its goals, in one run.

    RISK_DATA=../shared/data python benchmarks/votes.py

All-pairs kappa for every year from 886,809 votes (goal 2 s, and 1,000 times a pandas loop over pairs, which is
extrapolated from a sample); ideal points on all sessions (goal 60 s on two cores to the stopping rule, 2 GB).
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from risk.votes import IdealPoints, kappa
from risk.votes.card import ANCHORS, bridged, read_raw

N_SAMPLE = 40


def timed(work):
    """Seconds and result of the work."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def kappa_of_pair(table: pd.DataFrame, a: int, b: int) -> float:
    """Quadratic kappa of one pair in one year, the plain pandas way."""
    part = table[table["state"].isin([a, b])].pivot(index="rcid", columns="state", values="vote").dropna()
    if part.shape[1] < 2 or part.empty:
        return np.nan
    joint = pd.crosstab(part[a], part[b], normalize=True).reindex(
        index=[1, 2, 3], columns=[1, 2, 3], fill_value=0
    )
    apart = (np.subtract.outer([1, 2, 3], [1, 2, 3]) / 2) ** 2
    expected = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    chance = (expected * apart).sum()
    return float(1 - (joint.to_numpy() * apart).sum() / chance) if chance > 0 else np.nan


def loop_seconds(votes: pd.DataFrame, roll_calls: pd.DataFrame, found: pd.DataFrame) -> float:
    """Seconds a loop over all pairs would take, from a sample of them, checked against the fast result."""
    years = votes.merge(roll_calls[["rcid", "year"]]).groupby("year")
    rng = np.random.default_rng(0)
    fast = found.set_index(["year", "a", "b"])["value"]
    spent = 0.0
    tables = dict(iter(years))
    for at in rng.choice(len(found), N_SAMPLE, replace=False):
        year, a, b = found.loc[at, ["year", "a", "b"]]
        seconds, value = timed(lambda key=(year, a, b): kappa_of_pair(tables[key[0]], key[1], key[2]))
        spent += seconds
        np.testing.assert_allclose(value, fast[year, a, b], atol=1e-9)
    return spent / N_SAMPLE * len(found)


def main() -> None:
    """Print every figure."""
    folder = (
        Path(os.environ.get("RISK_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")) / "unga"
    )
    if not folder.is_dir():
        sys.exit(f"no raw votes in {folder}; set RISK_DATA")
    votes, roll_calls, _ = read_raw(folder)
    timings = [timed(lambda: kappa(votes, roll_calls, by="year")) for _ in range(3)]
    seconds, found = min(timings, key=lambda run: run[0])
    n_pairs, n_years = len(found), found["year"].nunique()
    loop = loop_seconds(votes, roll_calls, found)
    print(
        f"kappa, {n_pairs:,} pairs in {n_years} years from {len(votes):,} votes: {seconds:.2f} s (best of 3)"
    )
    print(
        f"  a pandas loop over pairs: {loop:,.0f} s (extrapolated from {N_SAMPLE}), {loop / seconds:,.0f} times as long"
    )
    for name, tables in (
        ("all roll calls", (votes, roll_calls)),
        ("as embedded", bridged(votes, roll_calls)),
    ):
        seconds, model = timed(lambda tables=tables: IdealPoints(ANCHORS).fit(*tables))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(
            f"ideal points, {name}: {seconds:.1f} s, {model.n_iter_} steps, converged {model.converged_}, ",
            end="",
        )
        print(
            f"{len(tables[0]):,} votes, {len(model.positions_):,} positions, peak memory so far {peak:.2f} GB"
        )
        print("  bound: " + " ".join(f"{value:.1f}" for value in model.bounds_))


if __name__ == "__main__":
    main()
