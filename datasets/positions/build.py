"""Make positions.csv: one fit per session on the votes held by then, from the raw files in RISK_DATA.

    RISK_DATA=../shared/data python datasets/positions/build.py [--until SESSION] [--out FILE]

Vintage s is fitted on sessions 1 to s only, warm-started from vintage s - 1 and run to the same stopping rule, so
nothing later can reach it. Every vintage gives the rows of its own last session; the last one gives all sessions.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from risk.states import from_numbers
from risk.votes import IdealPoints, bridge_by_title, final_votes

HERE = Path(__file__).resolve().parent
ANCHORS = {2: 1, 365: -1}  # COW numbers: the United States; the Soviet Union, then Russia
DIGITS = 4
# Up to session 54 the day of the month in the published table is a weekday (1 to 7): only the month is right.
LAST_SESSION_WITHOUT_DAYS = 54


def raw_folder() -> Path:
    default = HERE.parents[1] / ".." / "shared" / "data"
    return Path(os.environ.get("RISK_DATA", default)) / "unga"


def read_raw(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Votes and roll calls on whole texts, with the groups of roll calls that put the same text again."""
    votes = pd.read_parquet(folder / "votes_1946_2020.parquet").rename(columns={"ccode": "state"})
    columns = ["rcid", "year", "session", "date", "descr", "para", "amend"]
    roll_calls = final_votes(pd.read_csv(folder / "rollcalls_1946_2020.csv", usecols=columns))
    votes = votes[votes["rcid"].isin(roll_calls["rcid"])]
    bridge = bridge_by_title(roll_calls, votes, title="descr")
    return votes, roll_calls.assign(bridge=bridge.to_numpy())


def known_days(roll_calls: pd.DataFrame) -> pd.Series:
    """Day by which all roll calls of the sessions so far had been held."""
    last = pd.to_datetime(roll_calls["date"]).groupby(roll_calls["session"]).max()
    month_end = last + pd.offsets.MonthEnd(0)
    return last.where(last.index > LAST_SESSION_WITHOUT_DAYS, month_end).cummax()


def vintages(votes: pd.DataFrame, roll_calls: pd.DataFrame, until: int):
    """The positions of each vintage, in order."""
    model = IdealPoints(ANCHORS, warm_start=True)
    session_of = votes["rcid"].map(roll_calls.set_index("rcid")["session"])
    for session in tqdm(range(1, until + 1), desc="vintages"):
        upto = roll_calls[roll_calls["session"] <= session]
        model.fit(votes[session_of <= session], upto)
        if not model.converged_:
            raise SystemExit(f"vintage {session} did not reach the stopping rule")
        yield session, model.positions_


def build(votes: pd.DataFrame, roll_calls: pd.DataFrame, until: int) -> pd.DataFrame:
    parts = []
    for session, table in vintages(votes, roll_calls, until):
        kept = table if session == until else table[table["period"] == session]
        parts.append(kept.assign(vintage=session))
    known = known_days(roll_calls)
    out = pd.concat(parts, ignore_index=True).rename(columns={"period": "session"})
    out["known_on"] = out["vintage"].map(known).dt.strftime("%Y-%m-%d")
    out["state"] = codes(out["state"], out["session"].map(known))
    columns = ["state", "session", "position", "se", "n_votes", "vintage", "known_on"]
    return out[columns].round(DIGITS).sort_values(["vintage", "session", "state"], ignore_index=True)


def codes(numbers: pd.Series, days: pd.Series) -> list[str]:
    """Codes of COW numbers on the last day of their session."""
    found, errors = from_numbers(numbers, "cow", on=days.dt.strftime("%Y-%m-%d"), outside="accept")
    if errors:
        raise SystemExit(f"numbers without a code: {errors}")
    return list(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--until", type=int, default=75)
    parser.add_argument("--out", type=Path, default=HERE / "positions.csv")
    asked = parser.parse_args()
    if not raw_folder().is_dir():
        raise SystemExit(f"no raw votes in {raw_folder()}; set RISK_DATA")
    build(*read_raw(raw_folder()), asked.until).to_csv(asked.out, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
