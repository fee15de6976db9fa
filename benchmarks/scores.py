"""
Time the scoring work against its baselines, each as a ratio in one run.

    python benchmarks/scores.py                 # everything, about four minutes
    python benchmarks/scores.py --events 1e6    # smaller
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

import numpy as np
import pandas as pd

from risk.alignment import align
from risk.codebook import load_codebook
from risk.entries import open_books
from risk.kernels import net_ratio
from risk.ledger import Ledger, no_positions, no_sanctions, no_ties
from risk.recipe import DEFAULT_RECIPE
from risk.sanctions import Measures
from risk.stocks import Index

N_STATES = 200  # 200 states make 19,900 dyads
N_DATES = 575
TYPES = [
    "diplomacy.meeting",
    "energy.contract",
    "pressure.accusation",
    "drill.joint",
    "pressure.threat",
    "economy.aid",
]


def text(codes: np.ndarray, names) -> pd.Series:
    """A text column, as the checks give it."""
    return pd.Series(pd.Categorical.from_codes(codes, names)).astype("str")


def ledger(n: int, rng: np.random.Generator, states: int = N_STATES) -> pd.DataFrame:
    """A checked-form event table of n events among made-up codes, days over 48 years."""
    codes = np.array([f"S{number:03d}" for number in range(states)])
    first = rng.integers(0, states, n)
    second = (first + rng.integers(1, states, n)) % states
    day = (np.datetime64("1977-01-01", "D") + rng.integers(0, 48 * 365, n)).astype("datetime64[s]")
    empty = text(np.zeros(n, dtype=np.int8), [""])
    blank = pd.Series(np.full(n, np.datetime64("NaT", "s")))
    frame = {
        "event_id": pd.Series(np.arange(n)).astype(str),
        "date": day,
        "date_precision": empty,
        "end": blank,
        "actor": text(first, codes),
        "recipient": text(second, codes),
        "participants": empty,
        "event_type": text(rng.integers(0, len(TYPES), n), TYPES),
        **dict.fromkeys(("act_id", "stage", "measure_id"), empty),
        "magnitude": np.nan,
        "value": np.nan,
        "confidence": rng.uniform(0.5, 1, n),
        "known_on": day,
        "end_known_on": blank,
        **dict.fromkeys(("title", "publisher", "source", "url", "checked", "note"), empty),
    }
    return pd.DataFrame(frame)


def timed(work, repeat: int = 3) -> tuple[float, object]:
    """Best of several runs, and the last result."""
    best, result = np.inf, None
    for _ in range(repeat):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def index_of(events: pd.DataFrame) -> Index:
    """The index of an event table alone."""
    measures = Measures.of(no_sanctions(), DEFAULT_RECIPE)
    return Index(open_books(events, measures, load_codebook(), DEFAULT_RECIPE), DEFAULT_RECIPE)


def say(work: str, figure: str, goal: str) -> None:
    """One line of the table."""
    print(f"| {work} | {figure} | {goal} |", flush=True)


def index_building(n: int, rng: np.random.Generator) -> Index:
    """Seconds per 10^6 events, at a tenth of the size and at the whole."""
    seconds = {}
    for size in (n // 10, n):
        events = ledger(size, rng)
        seconds[size], index = timed(lambda table=events: index_of(table), 2)
    per_million = seconds[n] / n * 1e6
    growth = seconds[n] / seconds[n // 10]
    say(
        f"building the index, {n:.0e} events",
        f"{per_million:.2f} s per 10^6; x{growth:.1f} for 10x events",
        "<= 0.4 s, linear",
    )
    return index


def panel(index: Index, rng: np.random.Generator) -> None:
    """The month-end panel against reading its input and writing its output once, and against pandas over dates."""
    dates = pd.date_range("1977-01-31", periods=N_DATES, freq="ME").to_numpy("datetime64[D]").astype(np.int64)
    pulses, n = index.pulses, len(index.books.first)

    def touch():
        total = sum(
            float(np.add.reduce(part)) for part in (pulses.day, pulses.cell, pulses.fast, pulses.slow)
        )
        out = np.empty((3, len(dates), n))
        out[:] = 1.0
        return total, out

    def ours():
        cooperation, conflict = index.stocks(dates)
        return net_ratio(cooperation, conflict, 1.0, 0.0)

    base, _ = timed(touch)
    mine, values = timed(ours)
    entries = index.books.entries
    frame = pd.DataFrame(
        {
            "pair": entries.pair,
            "day": entries.day,
            "x": entries.weight * entries.sign,
            "p": entries.persistence,
        }
    )
    some = dates[:: max(len(dates) // 20, 1)][:20]

    def one_date(date):
        seen = frame[frame["day"] <= date]
        age = date - seen["day"]
        kept = (1 - seen["p"]) * 2.0 ** (-age / index.fast) + seen["p"] * 2.0 ** (-age / index.slow)
        weight = (seen["x"] * kept).groupby([seen["pair"], seen["x"] > 0]).sum().unstack(fill_value=0.0)
        friendly, hostile = weight.get(True, 0.0), -weight.get(False, 0.0)
        return (friendly - hostile) / (1 + friendly + hostile)

    start = time.perf_counter()
    for date in some:
        theirs = one_date(date)
    loop = (time.perf_counter() - start) / len(some) * len(dates)
    at = int(np.flatnonzero(dates == some[-1])[0])
    assert np.allclose(values[at][theirs.index], theirs.to_numpy(), atol=1e-9)
    what = f"month-end panel, {len(dates)} dates x {n:,} dyads, {len(entries):.0e} events ({mine:.2f} s)"
    say(what, f"{mine / base:.1f}x reading in and writing out once ({base:.2f} s)", "<= 12x")
    say(what, f"{loop / mine:,.0f}x faster than a pandas loop over dates", ">= 300x")


def ranking(index: Index) -> None:
    """All dyads at one date against a pandas groupby."""
    date = np.array([int(np.datetime64("2024-12-31", "D").astype(int))])
    mine, _ = timed(lambda: index.stocks(date))
    entries = index.books.entries
    frame = pd.DataFrame(
        {
            "pair": entries.pair,
            "day": entries.day,
            "u": entries.weight,
            "s": entries.sign,
            "p": entries.persistence,
        }
    )

    def groupby():
        seen = frame[frame["day"] <= date[0]]
        age = date[0] - seen["day"]
        kept = (1 - seen["p"]) * 2.0 ** (-age / index.fast) + seen["p"] * 2.0 ** (-age / index.slow)
        return (seen["u"] * kept).groupby([seen["pair"], seen["s"]]).sum()

    theirs, _ = timed(groupby, 2)
    say(
        f"ranking of all dyads at one date, {len(entries):.0e} events ({mine:.2f} s)",
        f"{theirs / mine:.1f}x faster than groupby",
        ">= 5x",
    )


def single(rng: np.random.Generator, n: int = 1_000_000) -> None:
    """One alignment with its contributions, for dyads of about 400 events, in ledgers of two sizes."""
    medians = {}
    for size, states in ((n // 10, 23), (n, 71)):
        medians[size] = _median_query(ledger(size, rng, states))
    small, large = medians[n // 10], medians[n]
    say(
        f"one alignment with contributions, dyad of ~400 events, {n:.0e} events",
        f"median {large:.2f} ms ({small:.2f} ms in a ledger of a tenth)",
        "<= 2 ms, no growth",
    )


def _median_query(events: pd.DataFrame) -> float:
    lake = Ledger(
        events=events, sanctions=no_sanctions(), recipe=DEFAULT_RECIPE, codebook=load_codebook(),
        coverage_table=pd.DataFrame({name: pd.Series(dtype=str) for name in ("a", "b", "family")}).assign(
            start=pd.Series(dtype="datetime64[s]"), end=pd.Series(dtype="datetime64[s]")
        ),
        ties_table=no_ties(), positions=no_positions(), declared_through=None, version="benchmark",
    )  # fmt: skip
    day = int(np.datetime64("2024-12-31", "D").astype(int))
    index = lake.index
    sizes = np.bincount(index.books.entries.pair)
    pairs = np.argsort(np.abs(sizes - 400))[:200]
    books = index.books
    seconds = []
    for pair in pairs:
        a, b = books.states[books.first[pair]], books.states[books.second[pair]]
        start = time.perf_counter()
        table = align(lake, a, b, day, day).contributions
        seconds.append(time.perf_counter() - start)
        assert len(table) == sizes[pair]
    return 1000 * float(np.median(seconds))


def imports() -> None:
    """Start-up beyond pandas, what is loaded, and the help text."""
    code = (
        "import time, sys; import pandas; s = time.perf_counter(); import risk; a = time.perf_counter() - s; "
        "risk.Scorer; risk.load_events; "
        "heavy = [m for m in ('sklearn', 'scipy.stats', 'matplotlib') if m in sys.modules]; "
        "print(a, time.perf_counter() - s, *heavy)"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(5)
    ]
    alone, beyond = (min(float(run[at]) for run in runs) for at in (0, 1))
    heavy = " ".join(runs[0][2:]) or "none of scikit-learn, scipy.stats, matplotlib"
    figure = (
        f"{1000 * alone:.0f} ms beyond pandas ({1000 * beyond:.0f} ms with scorer and tables); {heavy} loaded"
    )
    say("import risk", figure, "<= 150 ms, none")
    seconds, _ = timed(
        lambda: subprocess.run([sys.executable, "-m", "risk.cli", "--help"], capture_output=True, check=True),
        5,
    )
    say("risk --help", f"{seconds:.2f} s", "<= 0.5 s")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=float, default=1e7)
    n = int(parser.parse_args().events)
    rng = np.random.default_rng(20251015)
    print("| work | measured | goal |\n|---|---|---|")
    imports()
    single(rng)
    index = index_building(n, rng)
    panel(index, rng)
    ranking(index)


if __name__ == "__main__":
    main()
