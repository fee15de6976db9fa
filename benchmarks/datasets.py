"""
Rows per second of the readers of research data sets, on files made here.

    python benchmarks/datasets.py                     # 300,000 rows each, about three minutes
    python benchmarks/datasets.py --rows 3e4 --only sipri

Processor time. Three figures each: ``whole`` (from the file to the checked table), ``as text`` (the file cut into text
cells) and ``on text``, the work on cells already parsed.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from timing import best

from risk import read_events, sources
from risk.reading import Options, Reading
from risk.reading.tables import read_grid
from risk.sources.eusanct import PER_SENDER
from risk.states import load_states

FIRST, LAST = 1995, 2010


def states(column: str) -> list[str]:
    """Names or numbers of states that existed from FIRST to LAST."""
    table = load_states()
    lasting = (table["status"] == "state") & (table["valid_from"] < f"{FIRST}") & (table["valid_to"] == "")
    return table.loc[lasting & (table[column] != ""), column].tolist()


def sides(rng: np.random.Generator, column: str, n: int) -> tuple[np.ndarray, np.ndarray]:
    names = np.array(states(column), dtype=object)
    one = rng.integers(0, len(names), n)
    return names[one], names[(one + rng.integers(1, len(names), n)) % len(names)]


def sipri_frame(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """A register: every comment is of its own."""
    recipient, supplier = sides(rng, "name", n)
    year, count = rng.integers(FIRST, LAST, n).astype(str), rng.integers(1, 500, n)
    cells = {
        "Recipient": recipient, "Supplier": supplier, "Year of order": year, " ": "?",
        "Number ordered": count, "  ": "",
        "Weapon designation": [f"W-{k % 900}" for k in range(n)], "Weapon description": "tank",
        "Number delivered": count, "   ": "", "Year(s) of delivery": year,
        "status": "New", "Comments": [f"lot {k}" for k in range(n)],
        "SIPRI TIV per unit": 1.5, "SIPRI TIV for total order": count, "SIPRI TIV of delivered weapons": count,
    }  # fmt: skip
    return pd.DataFrame(cells)


def exercises_frame(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Exercises of two states."""
    one, two = sides(rng, "name", n)
    year, month = rng.integers(FIRST, LAST, n), rng.integers(1, 13, n)
    day = {"year": year, "month": month, "day": np.where(rng.random(n) < 0.2, "xx", "14").astype(object)}
    forces = {name: rng.integers(0, 2, n) for name in ("CPX", "Air", "Land", "Sea", "Amphibious", "Cyber")}
    cells = {
        "MMEID": [f"mme{k}" for k in range(n)],
        "Ex_Name": [f"Shield {k}" for k in range(n)],
        "Location": "at sea",
    }
    spans = {f"{mark}.{part}": values for mark in "se" for part, values in day.items()}
    return pd.DataFrame({**cells, **spans, **forces, "StateA": one, "StateB": two})


def dyads(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Dyad-years told from both sides, each once."""
    numbers = np.array(sorted({int(number) for number in states("cow")}))
    place = np.arange(n) // 2
    size = len(numbers) - 1
    a, b, year = place % size, (place + 1 + place // size) % size, FIRST + place // (size * size)
    one, two = numbers[a], numbers[np.where(a == b, size, b)]
    swap = np.arange(n) % 2 == 1
    return pd.DataFrame(
        {"mem1": np.where(swap, two, one), "mem2": np.where(swap, one, two), "year": np.minimum(year, LAST)}
    )


def alliances_frame(n: int, rng: np.random.Generator) -> pd.DataFrame:
    kinds = ("defense", "offense", "neutral", "nonagg", "consul")
    return dyads(n, rng).assign(**{kind: rng.integers(0, 2, n) for kind in kinds})


def nuclear_frame(n: int, rng: np.random.Generator) -> pd.DataFrame:
    one, two = sides(rng, "cow", n)
    year = rng.integers(FIRST, LAST, n).astype(float)
    return pd.DataFrame({"ccode1": one, "ccode2": two, "year": year, "nca": 1.0, "nca_type": "research"})


def gsdb_frame(n: int, rng: np.random.Generator) -> pd.DataFrame:
    two = sides(rng, "name", n)[1]
    begin = rng.integers(FIRST, LAST, n)
    flags = {
        name: rng.integers(0, 2, n) for name in ("trade", "arms", "military", "financial", "travel", "other")
    }
    target = pd.Series(two).mask(pd.Series(two).str.contains(","), "Cuba")
    cells = {
        "case_id": np.arange(n),
        "sanctioned_state": target,
        "sanctioning_state": "EU, Norway",
        "begin": begin,
    }
    return pd.DataFrame({**cells, "end": begin + 2, **flags, "objective": "other", "success": "failed"})


def ties_frame(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Cases of one to three senders, by day."""
    one, two = sides(rng, "cow", n)
    third = np.where(rng.random(n) < 0.3, sides(rng, "cow", n)[0], "")
    year, month, day = rng.integers(FIRST, LAST, n), rng.integers(1, 13, n), rng.integers(1, 29, n)
    start = {"startyear": year, "startmonth": month, "startday": day}
    rest = {
        f"{what}{part}": "" for what in ("end", "sancimpositionstart") for part in ("year", "month", "day")
    }
    senders = {"sender1": one, "sender2": third, "sender3": "", "sender4": "", "sender5": ""}
    cells = {
        "caseid": np.arange(n),
        **start,
        **rest,
        **senders,
        "targetstate": two,
        "threat": 1,
        "imposition": 0,
    }
    return pd.DataFrame({**cells, "sanctiontype": rng.choice(["1", "3 7", "6"], n)})


def eusanct_frame(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Cases of the United States, by day."""
    days = (
        pd.Series(np.datetime64(f"{FIRST}-01-01") + rng.integers(0, 5000, n))
        .dt.strftime("%d%b%Y")
        .str.lower()
    )
    blank = {form.format(who): "." for who in ("EU", "UN", "US") for form in PER_SENDER}
    told = {
        "US": 1,
        "startdateUS": days,
        "enddateUS": "ongoing",
        "impositionUS": 1,
        "impositionUS_type": "8;12",
    }
    return pd.DataFrame({"caseid": np.arange(n), "targetstate": sides(rng, "cow", n)[1], **blank, **told})


def agreements_frame(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """DESTA: agreements of two states."""
    one, two = sides(rng, "numeric", n)
    year = rng.integers(FIRST, LAST, n)
    cells = {
        "number": np.arange(n),
        "base_treaty": np.arange(n),
        "name": [f"Agreement {k}" for k in range(n)],
    }
    return pd.DataFrame(
        {**cells, "entry_type": "base_treaty", "year": year, "entryforceyear": "NA", "c1": one, "c2": two}
    )


def events_frame(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Our own event table."""
    one, two = sides(rng, "code", n)
    days = np.datetime64(f"{FIRST}-01-01") + rng.integers(0, 5000, n)
    kinds = rng.choice(["drill.joint", "economy.trade", "arms.contract", "energy.contract"], n)
    cells = {
        "event_id": [f"e{k}" for k in range(n)],
        "date": days.astype(str),
        "actor": one,
        "recipient": two,
    }
    title = [f"Event number {k}" for k in range(n)]
    return pd.DataFrame(
        {**cells, "event_type": kinds, "title": title, "publisher": "Example", "source": title}
    )


SETS: dict[str, tuple[Callable[..., Reading], Callable[[int, np.random.Generator], pd.DataFrame]]] = {
    "sipri": (sources.read_sipri, sipri_frame),
    "exercises": (sources.read_exercises, exercises_frame),
    "alliances": (sources.read_alliances, alliances_frame),
    "nuclear": (sources.read_nuclear_agreements, nuclear_frame),
    "gsdb": (sources.read_gsdb, gsdb_frame),
    "ties": (sources.read_ties, ties_frame),
    "eusanct": (sources.read_eusanct, eusanct_frame),
    "agreements": (partial(sources.read_trade_agreements, delimiter=","), agreements_frame),
    "events": (read_events, events_frame),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=float, default=3e5)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--only", default="", help="part of a set's name")
    chosen = parser.parse_args()
    n = int(chosen.rows)
    print(f"{'set':10} {'whole':>9} {'as text':>9} {'on text':>9}   rows per second, {n:,} rows")
    for name, (read, make) in SETS.items():
        if chosen.only not in name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "file.csv")
            make(n, np.random.default_rng(1)).to_csv(path, index=False)
            whole, _ = best(lambda path=path, read=read: read(path, errors="quarantine"), chosen.repeat)
            text, _ = best(lambda path=path: read_grid(path, Options()), chosen.repeat)
        rates = [n / whole, n / text, n / max(whole - text, 1e-9)]
        print(f"{name:10} " + " ".join(f"{rate:9,.0f}" for rate in rates))


if __name__ == "__main__":
    main()
