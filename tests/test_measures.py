"""Rival measures: exact per-event identities, the yearly recursion as written, and the decayed mean's flaw."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import risk
from risk import measures
from risk.ledger import no_positions, no_sanctions, no_ties


def scorer(rows) -> risk.Scorer:
    return risk.Scorer(pd.DataFrame(rows), no_sanctions(), ties=no_ties(), positions=no_positions())


def event(n: int, year: int, kind: str) -> dict:
    return {
        "event_id": f"e{n}",
        "date": f"{year}-06-01",
        "actor": "RUS",
        "recipient": "VEN",
        "event_type": kind,
    }


def slow_gge(rows, last: int, d: float = 0.3) -> float:
    """N_t = (1-d) N + n; S = (1-n/N) S + (n/N) s; an empty year multiplies both by 1-d."""
    total = score = 0.0
    g = {row["event_id"]: float(risk.load_codebook().intensity([row["event_type"]])[0]) for row in rows}
    for year in range(min(int(row["date"][:4]) for row in rows), last + 1):
        here = [g[row["event_id"]] for row in rows if row["date"].startswith(str(year))]
        if here:
            total = (1 - d) * total + len(here)
            share = len(here) / total
            score = (1 - share) * score + share * float(np.mean(here))
        else:
            total, score = (1 - d) * total, (1 - d) * score
    return score


KINDS = ["energy.contract", "pressure.tariff", "diplomacy.meeting", "force.strike"]


@given(st.lists(st.tuples(st.integers(2000, 2020), st.sampled_from(KINDS)), min_size=1, max_size=12))
def test_the_decayed_mean_is_its_recursion_and_its_shares_add_up(drawn):
    rows = [event(n, year, kind) for n, (year, kind) in enumerate(drawn)]
    found = measures.gge(scorer(rows), "RUS", "VEN", as_of="2023-12-31")
    assert found.value == pytest.approx(slow_gge(rows, 2023), abs=1e-12)
    assert found.contributions["share"].sum() == pytest.approx(found.value, abs=1e-12)


def test_a_friendly_event_below_the_running_mean_lowers_the_decayed_mean_and_never_ours():
    rows = [event(0, 2020, "energy.contract"), event(1, 2020, "energy.contract")]
    more = [*rows, event(2, 2020, "diplomacy.meeting")]
    ask = {"a": "RUS", "b": "VEN", "as_of": "2020-12-31"}
    assert measures.gge(scorer(more), **ask).value < measures.gge(scorer(rows), **ask).value
    assert measures.net_ratio(scorer(more), **ask).value > measures.net_ratio(scorer(rows), **ask).value


def test_windows_by_hand():
    rows = [
        event(0, 2018, "energy.contract"),
        event(1, 2020, "pressure.tariff"),
        event(2, 2020, "energy.contract"),
    ]
    g = [float(value) for value in risk.load_codebook().intensity(["pressure.tariff", "energy.contract"])]
    one = scorer(rows)
    assert measures.goldstein_sum(one, "RUS", "VEN", as_of="2020-12-31").value == pytest.approx(sum(g))
    assert measures.goldstein_mean(one, "RUS", "VEN", as_of="2020-12-31").value == pytest.approx(np.mean(g))
    assert np.isnan(measures.goldstein_mean(one, "RUS", "VEN", as_of="2024-12-31").value)


def test_every_measure_answers_on_the_embedded_record():
    said = measures.disagreement(risk.Scorer(), "United States", "Japan", as_of="2025-10-15")
    table = said.measures.set_index("measure")["value"]
    assert table["alliance"] == 1.0
    assert {"net_ratio", "gge", "goldstein_mean", "goldstein_sum", "vote_distance"} <= set(table.index)
    assert said.events["gap"].abs().is_monotonic_decreasing
    assert "Disagreement JPN-USA" in repr(said) or "Disagreement USA-JPN" in repr(said)


def test_similarity_of_votes_you_bring_stands_beside_the_others():
    votes = pd.DataFrame(
        {"rcid": [1, 1, 2, 2, 3, 3, 4, 4], "state": ["USA", "VEN"] * 4, "vote": [1, 3, 3, 1, 1, 1, 3, 3]}
    )
    roll_calls = pd.DataFrame(
        {
            "rcid": [1, 2, 3, 4],
            "date": pd.to_datetime(["2020-10-01", "2020-10-02", "2021-10-01", "2021-10-02"]),
            "session": [75, 75, 76, 76],
        }
    )
    brought = partial(measures.kappa, votes=votes, roll_calls=roll_calls)
    # session 75: never alike, and half yes, half no on each side: kappa -1; session 76: always alike: +1
    assert brought(risk.Scorer(), "USA", "VEN", as_of="2021-06-01").value == pytest.approx(-1)
    assert brought(risk.Scorer(), "USA", "VEN", as_of="2025-10-15").value == pytest.approx(1)
    assert np.isnan(brought(risk.Scorer(), "USA", "VEN", as_of="2020-09-30").value)
    assert np.isnan(measures.kappa(risk.Scorer(), "USA", "VEN", as_of="2025-10-15").value)
    said = measures.disagreement(
        risk.Scorer(), "USA", "VEN", as_of="2025-10-15", measures=[measures.net_ratio, brought]
    )
    assert said.measures["measure"].tolist() == ["net_ratio", "kappa"]
