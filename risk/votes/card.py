"""
Measured skill of the UN positions, printed beside what it is measured against.

    RISK_DATA=../shared/data python -m risk.votes.card [--quick]

Nothing is fitted towards the published estimates; they are only looked at afterwards.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Hashable
from pathlib import Path

import numpy as np
import pandas as pd

from risk.votes.ascent import Ascent
from risk.votes.ideal_points import IdealPoints
from risk.votes.items import raise_items
from risk.votes.layout import Layout
from risk.votes.ordinal import expect, vote_probabilities
from risk.votes.simulate import simulate
from risk.votes.table import bridge_by_title, check_votes, final_votes

__all__ = ["bridged", "carried_forward", "correlations", "coverage", "log_loss", "read_raw"]

ANCHORS: dict[Hashable, int] = {2: 1, 365: -1}
"""Correlates of War numbers: the United States; the Soviet Union, then Russia."""

Design = tuple[int, int, int, float, float, float | str]
DESIGNS: dict[str, Design] = {
    "like the UN: 150 states, 12 sessions, 90 roll calls": (150, 12, 90, 0.1, 0.0, 0.25),
    "the same, three in ten roll calls bridged": (150, 12, 90, 0.1, 0.3, 0.25),
    "small: 60 states, 10 sessions, 60 roll calls": (60, 10, 60, 0.1, 0.0, 0.25),
    "the same, step variance estimated": (60, 10, 60, 0.1, 0.0, "estimate"),
    "small, states moving fast (step variance .25)": (60, 10, 60, 0.25, 0.0, 0.25),
    "small, states moving fast, step variance estimated": (60, 10, 60, 0.25, 0.0, "estimate"),
}
"""
States, periods, roll calls per period, true variance of a step, share of roll calls put again; and the ``innovation``
of the fit.
"""


def read_raw(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Votes, roll calls and published positions of Voeten, Strezhnev & Bailey, states by COW number."""
    votes = pd.read_parquet(folder / "votes_1946_2020.parquet").rename(columns={"ccode": "state"})
    roll_calls = pd.read_csv(folder / "rollcalls_1946_2020.csv")
    published = pd.read_csv(folder / "ideal_points_apr2020.csv", encoding="latin-1")
    names = {"ccode": "state", "session": "period", "IdealPoint": "published"}
    return votes, roll_calls, published.rename(columns=names)[[*names.values()]]


def bridged(votes: pd.DataFrame, roll_calls: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the embedded table is made from: whole texts only, texts put again bridged."""
    chosen = final_votes(roll_calls)
    votes = votes[votes["rcid"].isin(chosen["rcid"])].reset_index(drop=True)
    return votes, chosen.assign(bridge=bridge_by_title(chosen, votes, title="descr").to_numpy())


def correlations(positions: pd.DataFrame, published: pd.DataFrame) -> tuple[pd.Series, float]:
    """Correlation of two sets of positions within each session, and over all state-sessions together."""
    both = positions.merge(published, on=["state", "period"])
    within = pd.Series(
        {
            period: np.corrcoef(part["position"], part["published"])[0, 1]
            for period, part in both.groupby("period")
        }
    )
    return within, float(np.corrcoef(both["position"], both["published"])[0, 1])


def log_loss(probabilities: np.ndarray, votes: np.ndarray) -> float:
    """Mean of minus the log probability given to the vote that was cast."""
    return float(-np.log(np.clip(probabilities[np.arange(votes.size), votes - 1], 1e-12, 1)).mean())


def carried_forward(
    train: pd.DataFrame, roll_calls: pd.DataFrame, positions: pd.DataFrame, test: pd.DataFrame
):
    """
    Probabilities of held-out votes from given positions: roll calls are fitted to them, positions stay.

    ``positions`` has ``state, period, published``; a state-period without one gives NaN.
    """
    known = positions.dropna().set_index(["state", "period"])["published"]
    period = roll_calls.set_index("rcid")["session"]
    usable = pd.MultiIndex.from_arrays([train["state"], train["rcid"].map(period)]).isin(known.index)
    layout = Layout.of(check_votes(train[usable], roll_calls), roll_calls)
    grid = known.unstack().reindex(index=layout.states, columns=layout.periods).fillna(0).to_numpy()
    items, theta, none = (
        Ascent(layout.cells, layout.walk, map, 1.0).start(grid).items,
        grid.ravel(),
        np.zeros(grid.size),
    )
    for _ in range(20):
        sums = expect(layout.cells, items, theta, none, want="items")
        items, _ = raise_items(layout.cells, items, sums, theta, none, map)
    at = layout.items.get_indexer(roll_calls.set_index("rcid")["bridge"].loc[test["rcid"]])
    mean = known.reindex(pd.MultiIndex.from_arrays([test["state"], test["rcid"].map(period)])).to_numpy()
    return np.where((at >= 0)[:, None], vote_probabilities(items[at], mean, np.zeros(mean.size)), np.nan)


def base_rates(train: pd.DataFrame, test: pd.DataFrame, by: list[str]) -> np.ndarray:
    """Shares of yes, abstain and no in groups of the training votes, one vote of each added."""
    counts = (
        train.groupby([*by, "vote"]).size().unstack(fill_value=0).reindex(columns=[1, 2, 3], fill_value=0) + 1
    )
    shares = counts.div(counts.sum(axis=1), axis=0)
    asked = pd.MultiIndex.from_frame(test[by]) if len(by) > 1 else pd.Index(test[by[0]])
    return shares.reindex(asked).fillna(1 / 3).to_numpy()


def held_out(
    votes: pd.DataFrame, roll_calls: pd.DataFrame, published: pd.DataFrame, rng: np.random.Generator
):
    """Log loss of a tenth of the cells for every predictor, on the cells that all of them can predict."""
    votes = votes.assign(session=votes["rcid"].map(roll_calls.set_index("rcid")["session"]))
    out = rng.random(len(votes)) < 0.1
    train, test = votes[~out], votes[out]
    roll_calls = roll_calls.assign(bridge=bridge_by_title(roll_calls, train, title="descr").to_numpy())
    later = published.assign(period=published["period"] + 1)
    model = IdealPoints(ANCHORS).fit(train, roll_calls)
    predicted = {
        "ours": model.predict_proba(test),
        "published, carried forward from the session before": carried_forward(train, roll_calls, later, test),
        "published, same session (has seen these votes)": carried_forward(train, roll_calls, published, test),
        "base rates of the state in the session": base_rates(train, test, ["state", "session"]),
        "base rates of the roll call": base_rates(train, test, ["rcid"]),
    }
    common = ~np.any([np.isnan(p).any(axis=1) for p in predicted.values()], axis=0)
    cast = test["vote"].to_numpy()[common].astype(int)
    return pd.Series({name: log_loss(p[common], cast) for name, p in predicted.items()}), int(common.sum())


def coverage(n_draws: int, design: Design, rng: np.random.Generator) -> tuple[float, float]:
    """Share of true positions inside 90 % intervals, over drawn assemblies, and its standard error."""
    inside = []
    for _ in range(n_draws):
        drawn = simulate(*design[:3], innovation=design[3], bridged=design[4], rng=rng)
        model = IdealPoints(drawn.anchors, innovation=design[5], max_iter=1000)
        found = model.fit(drawn.votes, drawn.roll_calls).positions_
        both = found.merge(drawn.truth, on=["state", "period"], suffixes=("", "_true"))
        inside.append(((both["position"] - both["position_true"]).abs() <= 1.6448536 * both["se"]).mean())
    return float(np.mean(inside)), float(np.std(inside, ddof=1) / np.sqrt(n_draws))


def _print_correlations(name: str, model: IdealPoints, published: pd.DataFrame) -> None:
    within, pooled = correlations(model.positions_, published)
    below = ", ".join(f"{period}: {value:.4f}" for period, value in within[within < 0.98].items()) or "none"
    print(
        f"{name}\n  rounds {model.n_iter_}, bound {model.bounds_[0]:.1f} -> {model.bounds_[-1]:.1f}, ", end=""
    )
    print(f"smallest gain {np.diff(model.bounds_).min():.2g}")
    print(f"  within-session r with the published positions: median {within.median():.4f}, ", end="")
    print(f"5th percentile {within.quantile(0.05):.4f}; pooled {pooled:.4f}; below .98: {below}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measured skill of the UN positions")
    parser.add_argument("--quick", action="store_true", help="fewer simulated assemblies")
    quick = parser.parse_args().quick
    folder = (
        Path(os.environ.get("RISK_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")) / "unga"
    )
    if not folder.is_dir():
        raise SystemExit(f"no raw votes in {folder}; set RISK_DATA")
    raw_votes, raw_roll_calls, published = read_raw(folder)
    votes, roll_calls = bridged(raw_votes, raw_roll_calls)
    _print_correlations(
        "as embedded (whole texts, bridged)", IdealPoints(ANCHORS).fit(votes, roll_calls), published
    )
    plain = IdealPoints(ANCHORS).fit(votes, roll_calls.drop(columns="bridge"))
    _print_correlations("whole texts, not bridged", plain, published)
    every = IdealPoints(ANCHORS).fit(raw_votes, raw_roll_calls)
    _print_correlations("all roll calls, paragraphs and amendments too", every, published)
    losses, n = held_out(votes, roll_calls, published, np.random.default_rng(1))
    print(f"log loss of a held-out tenth of the votes ({n:,} cells)")
    print("\n".join(f"  {value:.4f}  {name}" for name, value in losses.items()))
    print("90 % intervals around simulated truth")
    for name, design in DESIGNS.items():
        draws = (4 if quick else 12) if design[0] > 100 else (10 if quick else 40)
        share, error = coverage(draws, design, np.random.default_rng(3))
        print(f"  {share:.3f} (+- {error:.3f})  {name}")


if __name__ == "__main__":
    main()
