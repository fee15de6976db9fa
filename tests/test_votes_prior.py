"""The votes row of the prior: by hand from the embedded file, blind to the future, and said to be old where it is."""

from __future__ import annotations

import csv
import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import risk
from risk.cli import app
from risk.datasets import path
from risk.ledger import no_sanctions, no_ties
from risk.report import dossier
from risk.votes import vote_prior

DEFAULT = risk.DEFAULT_RECIPE
ONLY_VOTES = DEFAULT.replace(
    prior_weights={**dict.fromkeys(DEFAULT.prior_weights, 0.0), "votes": DEFAULT.prior_weights["votes"]},
    name="only votes",
)
STATES = ["VEN", "USA", "CUB", "FRA", "IND", "BRA", "CHN", "EGY", "POL", "IRN"]


def rows_of_the_file() -> list[dict[str, str]]:
    with open(path("positions", "positions.csv"), newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def by_hand(rows: list[dict[str, str]], a: str, b: str, as_of: dt.date) -> float:
    """Weight x clip(1 - 2 distance / reference distance) x fade, from the text of the file, row by row."""
    positions: dict[tuple[int, str], float] = {}
    known: dict[int, dt.date] = {}
    for row in rows:
        day = dt.date.fromisoformat(row["known_on"])
        if row["vintage"] == row["session"] and row["state"] in (a, b) and day <= as_of:
            positions[int(row["session"]), row["state"]] = float(row["position"])
            known[int(row["session"])] = day
    last = max(session for session in known if (session, a) in positions and (session, b) in positions)
    says = 1 - 2 * abs(positions[last, a] - positions[last, b]) / DEFAULT.reference_distance
    age = (as_of - known[last]).days
    return DEFAULT.prior_weights["votes"] * max(-1.0, min(1.0, says)) * 2 ** (-age / DEFAULT.clocks["slow"])


def scorer(positions=None, **options) -> risk.Scorer:
    """A record of one old event per dyad, so that every dyad has a score."""
    pairs = [(a, b) for at, a in enumerate(STATES) for b in STATES[at + 1 :]]
    events = pd.DataFrame(
        {
            "event_id": [f"{a}-{b}" for a, b in pairs],
            "date": "1950-01-01",
            "actor": [a for a, _ in pairs],
            "recipient": [b for _, b in pairs],
            "event_type": "energy.contract",
        }
    )
    return risk.Scorer(
        events,
        no_sanctions(),
        ONLY_VOTES,
        ties=no_ties(),
        positions=positions,
        data_through="2026-01-01",
        **options,
    )


def votes_row(one) -> float:
    return next(row.amount for row in one.prior_rows if row.name == "votes")


def test_random_days_and_dyads_are_the_file_by_hand_and_know_no_later_row():
    rng, rows, table, whole = np.random.default_rng(2), rows_of_the_file(), risk.load_positions(), scorer()
    for _ in range(10):
        a, b = rng.choice(STATES, 2, replace=False)
        day = dt.date(1955, 1, 1) + dt.timedelta(days=int(rng.integers(0, 25_900)))
        found = votes_row(whole.alignment(a, b, as_of=day.isoformat()))
        assert found == pytest.approx(by_hand(rows, a, b, day), abs=1e-12)
        early = scorer(table[table["known_on"] <= pd.Timestamp(day)])
        assert votes_row(early.alignment(a, b, as_of=day.isoformat())) == found
        panel = whole.panel([day.isoformat()], [(a, b)])
        assert panel["prior"].iloc[0] == pytest.approx(found, abs=1e-12)


def test_an_earlier_known_on_takes_an_earlier_session_and_lets_it_age():
    positions = risk.load_positions()
    then = vote_prior(positions, "VEN", "USA", "2015-06-01")
    value, age, session = vote_prior(positions, "VEN", "USA", "2025-06-01", known_on="2015-06-01")
    years = pd.Timestamp("2025-06-01") - pd.Timestamp("2015-06-01")
    assert (session, age) == (then[2], then[1] + years.days)
    assert value == pytest.approx(then[0] * 2 ** (-years.days / 3652.5))
    held = scorer().alignment("VEN", "USA", as_of="2025-06-01", known_on="2015-06-01")
    assert votes_row(held) == pytest.approx(ONLY_VOTES.prior_weights["votes"] * value)


def test_votes_carried_forward_are_said_to_be_so_wherever_a_score_is_shown():
    one = scorer().alignment("VEN", "USA", as_of="2021-03-04")
    note = "UN votes carried forward from session 75, 1 day old"
    assert one.notes == (note,)
    assert one.coverage in ("none", "thin", "good", "stale")
    assert f"coverage {one.coverage}; {note}" in repr(one)
    assert note in one._repr_html_()
    assert one.to_dict()["notes"] == [note]
    assert "1 day old, carried forward" in " ".join(one.contributions["title"])
    late = scorer().alignment("VEN", "USA", as_of="2025-10-15")
    assert late.notes == ("UN votes carried forward from session 75, 1687 days old",)
    assert late.notes[0] in dossier(scorer(), "VEN", "USA", as_of="2025-10-15")


def test_the_shell_says_it_too():
    said = CliRunner().invoke(app, ["alignment", "VEN", "RUS", "--as-of", "2025-10-15"])
    assert "UN votes carried forward from session 75, 1687 days old" in said.stdout
    told = CliRunner().invoke(app, ["alignment", "VEN", "RUS", "--as-of", "2025-10-15", "--json"])
    assert json.loads(told.stdout)["notes"] == ["UN votes carried forward from session 75, 1687 days old"]


def test_votes_that_are_not_carried_forward_need_no_note():
    assert scorer().alignment("VEN", "USA", as_of="2021-03-03").notes == ()
    assert scorer().alignment("VEN", "USA", as_of="2019-06-01").notes == ()
    without = scorer().under(ONLY_VOTES.replace(prior_weights={"votes": 0.0}, name="none"))
    assert without.alignment("VEN", "USA", as_of="2025-10-15").notes == ()
    assert (
        risk.Scorer().alignment("FJI", "RUS", as_of="2025-10-15").notes == ()
    )  # not covered: nothing to note


def library_file(folder, last: str) -> str:
    """A made-up file in the library's form: Moscow and Caracas against Washington in autumn 2023, two texts a day."""
    votes = {"USA": "NNYNNA", "RUS": "YYNYAY", "VEN": "YYNYYY", "FRA": "NAYNNA", "CUB": "YYNAYY"}
    rows = [
        f"{number},{state},{cast[number]},{day},A/RES/78/{number},Made up {number}"
        for number, day in enumerate(
            ["2023-11-02", "2023-11-07", "2023-11-28", "2023-12-04", "2023-12-19", last]
        )
        for state, cast in votes.items()
    ]
    file = folder / "votes.csv"
    file.write_text("\n".join(["undl_id,ms_code,ms_vote,date,resolution,title", *rows]), encoding="utf-8")
    return file


def test_the_library_file_brings_a_score_up_to_date_from_its_last_roll_call(tmp_path):
    library = risk.votes.read_un_library(library_file(tmp_path, "2024-07-01"))
    model = risk.votes.IdealPoints({"USA": 1, "RUS": -1}).fit(library.votes, library.roll_calls)
    newer = risk.votes.vintage_of(model, library.roll_calls)
    assert list(newer.columns) == list(risk.load_positions().columns)
    assert set(newer["vintage"]) == {78}
    both = scorer(pd.concat([risk.load_positions(), newer]))
    before, on = (both.alignment("VEN", "USA", as_of=day) for day in ("2024-06-30", "2024-07-01"))
    assert votes_row(before) == votes_row(scorer().alignment("VEN", "USA", as_of="2024-06-30"))
    says = np.clip(1 - 2 * model.distance("VEN", "USA", 78) / DEFAULT.reference_distance, -1, 1)
    assert votes_row(on) == pytest.approx(DEFAULT.prior_weights["votes"] * says)
    assert on.notes == ()
    assert both.alignment("VEN", "USA", as_of="2025-07-01").notes == (
        "UN votes carried forward from session 78, 365 days old",
    )


def test_a_vintage_needs_the_day_of_every_roll_call(tmp_path):
    library = risk.votes.read_un_library(library_file(tmp_path, "2024-07-01"))
    model = risk.votes.IdealPoints({"USA": 1, "RUS": -1}).fit(library.votes, library.roll_calls)
    with pytest.raises(risk.votes.VoteError, match="1 roll calls of the fit have no date"):
        risk.votes.vintage_of(model, library.roll_calls.iloc[1:])
