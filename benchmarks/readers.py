"""
Rows per second of the readers, on files made here.

    python benchmarks/readers.py                     # 500,000 rows each, about a minute
    python benchmarks/readers.py --rows 1e5 --only gdelt

Times are of the processor, all threads together, so other work on the machine hardly counts. ``whole``: from the file
to the checked table; ``as text``: the file opened and cut into text columns; ``on text``: the work on rows already
parsed, for which 300,000 rows a second is the goal. A reader joins by a line in ``FEEDS``.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from timing import best

from risk import sources
from risk.events import EVENTS
from risk.reading import Options
from risk.sources import gdelt, icews, phoenix, polecat
from risk.sources.coded_events import countries
from risk.sources.feed import Layout, open_feed

CAMEO = ["010", "040", "042", "043", "051", "057", "10", "112", "130", "190"]
ROLES = ["", "GOV", "MIL", "OPP", "CVL"]
WORDS = ["Consult", "Make a visit", "Host a visit", "Make statement", "Threaten", "Praise or endorse"]
PLACES = [
    "China",
    "Japan",
    "India",
    "France",
    "Iran",
    "Russia",
    "Brazil",
    "Kenya",
    "Cuba",
    "Peru",
    "Chile",
    "Turkey",
]


def drawn(n: int, states: list[str]) -> dict[str, list[str]]:
    """Sides with a long tail, roles, codes and days of n rows."""
    rng = np.random.default_rng(1)
    weight = 1 / np.arange(1, len(states) + 1)
    sides = [rng.choice(states, n, p=weight / weight.sum()).tolist() for _ in range(2)]
    days = (np.datetime64("2015-01-01") + rng.integers(0, 3652, n)).astype(str).tolist()
    roles = [rng.choice(ROLES, n, p=[0.5, 0.2, 0.1, 0.1, 0.1]).tolist() for _ in range(2)]
    return {
        "a": sides[0],
        "b": sides[1],
        "day": days,
        "a_role": roles[0],
        "b_role": roles[1],
        "code": rng.choice(CAMEO, n).tolist(),
        "word": rng.choice(WORDS, n).tolist(),
    }


def gdelt_file(path: Path, n: int) -> None:
    """GDELT 2.0: 61 columns."""
    row = drawn(n, [code for code, state in countries("cameo").items() if state])
    with path.open("w") as file:
        for at in range(n):
            cells = [""] * 61
            day = row["day"][at].replace("-", "")
            cells[0], cells[1], cells[26], cells[32] = str(at), day, row["code"][at], "1"
            for side, first in (("a", 5), ("b", 15)):
                cells[first] = row[side][at] + row[f"{side}_role"][at]
                cells[first + 2], cells[first + 7] = row[side][at], row[f"{side}_role"][at]
            cells[59], cells[60] = f"{day}101500", f"https://example.org/{at}"
            file.write("\t".join(cells) + "\n")


def icews_raw_file(path: Path, n: int) -> None:
    """ICEWS, the raw form."""
    row = drawn(n, PLACES)
    header = [spelt[0] for spelt in icews.LAYOUT.spellings.values()]
    kinds = {"": "", "GOV": "Government", "MIL": "Military", "OPP": "Dissident", "CVL": "Social"}
    with path.open("w") as file:
        file.write("\t".join(header) + "\n")
        for at in range(n):
            a, b = row["a"][at], row["b"][at]
            sectors = kinds[row["a_role"][at]], kinds[row["b_role"][at]]
            cells = [
                str(at),
                row["day"][at],
                a,
                sectors[0],
                a,
                row["word"][at],
                row["code"][at],
                b,
                sectors[1],
                b,
                "Paper",
            ]
            file.write("\t".join(cells) + "\n")


def icews_short_file(path: Path, n: int) -> None:
    """ICEWS: actor, act, actor, day."""
    row = drawn(n, PLACES)
    kinds = {
        "": "{}",
        "GOV": "Government ({})",
        "MIL": "Military ({})",
        "OPP": "Activist ({})",
        "CVL": "Citizen ({})",
    }
    with path.open("w") as file:
        for at in range(n):
            sides = [kinds[row[f"{side}_role"][at]].format(row[side][at]) for side in "ab"]
            file.write("\t".join([sides[0], row["word"][at], sides[1], row["day"][at]]) + "\n")


def polecat_file(path: Path, n: int) -> None:
    """POLECAT: a yearly file."""
    row = drawn(n, [state for state in countries("cameo").values() if state])
    rng = np.random.default_rng(2)
    acts = [
        ("CONSULT", "visit", "diplomatic"),
        ("AID", "None", "economic"),
        ("ACCUSE", "disapprove", "None"),
        ("PROTEST", "demo", "None"),
    ]
    kind = rng.integers(0, len(acts), n).tolist()
    header = [spelt[0] for spelt in polecat.LAYOUT.spellings.values()]
    with path.open("w") as file:
        file.write("\t".join(header) + "\n")
        for at in range(n):
            sides = [part for side in "ab" for part in (row[side][at], row[f"{side}_role"][at] or "None")]
            file.write(
                "\t".join([str(at), row["day"][at], *acts[kind[at]], *sides, "Agency", row["day"][at]]) + "\n"
            )


def phoenix_file(path: Path, n: int) -> None:
    """Phoenix: a daily file of 26 columns."""
    row = drawn(n, [code for code, state in countries("cameo").items() if state])
    with path.open("w") as file:
        for at in range(n):
            cells = [""] * 26
            cells[0], (cells[2], cells[3], cells[4]) = str(at), row["day"][at].split("-")
            cells[5], cells[9] = (row[side][at] + row[f"{side}_role"][at] for side in "ab")
            cells[13], cells[14], cells[24], cells[25] = (
                row["code"][at],
                row["code"][at][:2],
                "https://example.org",
                "afp",
            )
            file.write("\t".join(cells) + "\n")


FEEDS: dict[str, tuple[str, str, Callable[[Path, int], None], Layout]] = {
    "gdelt": ("read_gdelt", "20150101.export.CSV", gdelt_file, gdelt.LAYOUT),
    "icews raw": ("read_icews", "events.tab", icews_raw_file, icews.LAYOUT),
    "icews short": ("read_icews", "events.txt", icews_short_file, icews.LAYOUT),
    "polecat": ("read_polecat", "ngecEvents.DV.2020.txt", polecat_file, polecat.LAYOUT),
    "phoenix": ("read_phoenix", "events.full.txt", phoenix_file, phoenix.LAYOUT),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=float, default=5e5)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", default="", help="part of a feed's name")
    chosen = parser.parse_args()
    n = int(chosen.rows)
    print(
        f"{'feed':12} {'accepted':>9} {'whole':>9} {'as text':>9} {'on text':>9}   rows per second, {n:,} rows"
    )
    for name, (reader, file, make, layout) in FEEDS.items():
        if chosen.only not in name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, file)
            make(path, n)
            whole, reading = best(
                lambda path=path, reader=reader: getattr(sources, reader)(path), chosen.repeat
            )
            text, _ = best(
                lambda path=path, layout=layout: open_feed(path, layout, EVENTS, Options()), chosen.repeat
            )
        rates = [n / whole, n / text, n / max(whole - text, 1e-9)]
        print(f"{name:12} {reading.report.accepted:9,} " + " ".join(f"{rate:9,.0f}" for rate in rates))


if __name__ == "__main__":
    main()
