"""
Rows per second of the readers of lists and tables, on files made here.

    python benchmarks/tables.py                     # 300,000 rows each, about a minute
    python benchmarks/tables.py --rows 1e5 --only ofac

Processor time. Three figures each: ``whole`` (from the file to the checked table), ``as text`` (the file cut into text
cells) and ``on text``, the work on cells already parsed, for which 300,000 rows a second is the goal.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from timing import best

from risk import sources
from risk.reading import Options
from risk.sources.tables import find_csv, find_table
from risk.states import load_states

DAYS = np.datetime64("2010-01-01") + np.arange(5000)


def states() -> list[str]:
    """Codes of the states of today."""
    table = load_states()
    return table.loc[(table["status"] == "state") & (table["valid_to"] == ""), "code"].tolist()


def names(n: int) -> list[str]:
    """Distinct names, as on a list."""
    return [f"EXAMPLE TRADING {number:07d} LTD" for number in range(n)]


def picked(rng: np.random.Generator, values: list[str], n: int) -> np.ndarray:
    return np.array(values, dtype=object)[rng.integers(0, len(values), n)]


def ofac_file(path: Path, n: int, rng: np.random.Generator) -> None:
    """The SDN list with a header: every name once."""
    kinds, programmes = (
        picked(rng, ["-0-", "individual", "vessel"], n),
        picked(rng, ["CUBA", "SDGT] [IFSR", "NPWMD"], n),
    )
    frame = {"ent_num": np.arange(n), "name": names(n), "type": kinds, "program": programmes}
    pd.DataFrame(frame).to_csv(path, index=False)


def changes_file(path: Path, n: int, rng: np.random.Generator) -> None:
    """Changes of the SDN list by day."""
    frame = {
        "date_seen": rng.choice(DAYS, n).astype(str), "action": picked(rng, ["ADD", "REMOVE"], n),
        "ent_num": np.arange(n), "name": names(n), "type": "-0-", "program": picked(rng, ["CUBA", "SDGT"], n),
    }  # fmt: skip
    pd.DataFrame(frame).to_csv(path, index=False)


def eu_file(path: Path, n: int, rng: np.random.Generator) -> None:
    """The EU's list: three rows an entity."""
    frame = {
        "Entity_LogicalId": np.arange(n) // 3, "fileGenerationDate": "03/05/2024", "Entity_SubjectType": "E",
        "Entity_Regulation_EntryIntoForceDate": rng.choice(DAYS, n).astype(str),
        "Entity_Regulation_Programme": picked(rng, ["UKR", "IRQ"], n), "NameAlias_WholeName": names(n),
    }  # fmt: skip
    pd.DataFrame(frame).to_csv(path, index=False, sep=";")


def uk_file(path: Path, n: int, rng: np.random.Generator) -> None:
    """OFSI's list: three rows a target."""
    days = pd.Series(rng.choice(DAYS, n)).dt.strftime("%d/%m/%Y")
    frame = {
        "Name 6": names(n), "Name 1": "Ann", "Group Type": "Entity", "Listed On": days,
        "Alias Type": np.where(np.arange(n) % 3, "AKA", "Primary name"), "Group ID": np.arange(n) // 3,
        "Regime": picked(rng, ["Russia", "Belarus"], n),
    }  # fmt: skip
    path.write_text("Last Updated,03/05/2024\n" + pd.DataFrame(frame).to_csv(index=False))


def gge_file(path: Path, n: int, rng: np.random.Generator) -> None:
    """Scores of dyad-years: every number another."""
    codes = states()
    dyads = [(a, b) for place, a in enumerate(codes) for b in codes[place + 1 :]]
    at = np.arange(n)
    a, b = (np.array([dyad[side] for dyad in dyads], dtype=object)[at // 20 % len(dyads)] for side in (0, 1))
    frame = {
        "country1_code": a, "country2_code": b, "year": 2000 + at % 20, "geo_score": rng.uniform(-1, 1, n).round(6),
        "number_of_events": rng.integers(0, 30, n), "geo_score_dyn": rng.uniform(-1, 1, n),
    }  # fmt: skip
    pd.DataFrame(frame).to_csv(path, index=False)


def shares_file(path: Path, n: int, rng: np.random.Generator) -> None:
    """Trade shares of many years, both flows."""
    codes, at = np.array(states(), dtype=object), np.arange(n)
    pair = at // 2
    state = pair % len(codes)
    partner = (state + 1 + pair // len(codes) % 100) % len(codes)
    frame = {
        "iso3": codes[state], "partner_iso3": codes[partner], "flow": np.where(at % 2, "import", "export"),
        "share_pct": rng.uniform(0, 0.9, n).round(2), "year": 2012 + pair // (len(codes) * 100),
    }  # fmt: skip
    pd.DataFrame(frame).to_csv(path, index=False)


def votes_file(path: Path, n: int, rng: np.random.Generator) -> None:
    """Votes of 190 states on each roll call, and the roll calls beside."""
    table = load_states()
    live = table[(table["status"] == "state") & (table["valid_to"] == "") & (table["cow"] != "")]
    numbers = live["cow"].str.split(";").str[0].astype(int).unique()[:190]
    at = np.arange(n)
    frame = {"rcid": at // 190, "ccode": numbers[at % len(numbers)], "vote": rng.integers(1, 4, n)}
    pd.DataFrame(frame).to_csv(path, index=False)
    calls = np.arange(n // 190 + 1)
    rows = {
        "rcid": calls,
        "session": 67 + calls % 5,
        "date": (np.datetime64("2013-01-01") + calls % 1500).astype(str),
    }
    pd.DataFrame(rows).to_csv(path.with_name("calls.csv"), index=False)


def read_votes(path: Path):
    return sources.read_roll_calls(path, path.with_name("calls.csv"))


def uk_cells(path: Path, options: Options):
    return find_csv(path, options, lambda text: (text.partition("\n")[2], 1))


TABLES: dict[str, tuple[Callable, Callable, Callable, str]] = {
    "ofac": (sources.read_ofac, ofac_file, find_table, ","),
    "ofac changes": (sources.read_ofac, changes_file, find_table, ","),
    "eu list": (sources.read_eu_list, eu_file, find_table, ";"),
    "uk list": (sources.read_uk_list, uk_file, uk_cells, ","),
    "gge": (sources.read_gge, gge_file, find_table, ","),
    "trade shares": (sources.read_trade_shares, shares_file, find_table, ","),
    "votes": (read_votes, votes_file, find_table, ","),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=float, default=3e5)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", default="", help="part of a table's name")
    chosen = parser.parse_args()
    n = int(chosen.rows)
    print(
        f"{'table':14}{'accepted':>9}{'whole':>11}{'as text':>11}{'on text':>11}   rows per second, {n:,} rows"
    )
    for name, (read, make, cells, delimiter) in TABLES.items():
        if chosen.only not in name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "table.csv")
            make(path, n, np.random.default_rng(1))
            options = Options(delimiter=delimiter)
            whole, reading = best(lambda path=path, read=read: read(path), chosen.repeat)
            text, _ = best(
                lambda path=path, cells=cells, options=options: cells(path, options), chosen.repeat
            )
        rates = [n / whole, n / text, n / max(whole - text, 1e-9)]
        print(f"{name:14}{reading.report.accepted:9,}" + "".join(f"{rate:11,.0f}" for rate in rates))


if __name__ == "__main__":
    main()
