"""Outcomes by others' records: who counts as the sender, which year a case falls into, the same forecasts judged."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from risk.validation.outside import case_starts, outside_report, outside_reports
from risk.validation.report import Report


def cases(**columns):
    blank = {"end": pd.NaT, "spells": "", "instruments": "trade"}
    table = pd.DataFrame({**blank, **columns})
    return table.astype({"start": "M8[s]", "end": "M8[s]"})


def test_a_union_is_a_sender_and_its_members_are_not_for_it():
    table = cases(
        case_id=["a", "b"], senders=["EU", "FRA"], targets=["BLR", "MLI"], start=["2011-01-01", "2012-01-01"]
    )
    assert case_starts(table, "EU")["target"].tolist() == ["BLR"]
    assert case_starts(table, "FRA")["target"].tolist() == ["MLI"]


@pytest.fixture
def said():
    index = pd.MultiIndex.from_product(
        [pd.to_datetime(["2010-12-31", "2011-12-31", "2012-12-31"]), ["USA"], ["BLR", "MLI"]],
        names=["as_of", "sender", "target"],
    )
    columns = {"happened": 0, "climatology": 0.1, "persistence": 0.1, "net score": 0.1, "scorecard": 0.1}
    return pd.DataFrame(columns, index=index)


def test_an_outcome_is_a_case_begun_in_the_twelve_months_after(said):
    starts = pd.DataFrame({"target": ["BLR", "MLI"], "start": pd.to_datetime(["2011-12-31", "2012-01-01"])})
    report = outside_report(said, starts, "x", np.random.default_rng(0), last=2013, draws=5)
    happened = report.predictions["happened"]
    assert happened[happened > 0].index.droplevel("sender").tolist() == [
        (pd.Timestamp("2010-12-31"), "BLR"),
        (pd.Timestamp("2011-12-31"), "MLI"),
    ]
    assert report.verdict.endswith(").")  # nothing follows from it for what is shown


def test_years_after_the_record_are_left_out(said):
    starts = pd.DataFrame({"target": ["BLR"], "start": pd.to_datetime(["2011-06-01"])})
    report = outside_report(said, starts, "x", np.random.default_rng(0), last=2012, draws=5)
    assert report.predictions.index.get_level_values("as_of").max() == pd.Timestamp("2011-12-31")


def test_both_records_are_read_whole(real_data, said):
    own = {"USA": Report.of("own", said.assign(happened=[1, 0] * 3), np.random.default_rng(0), draws=5)}
    found = list(outside_reports(own, real_data, np.random.default_rng(0), draws=5))
    assert [report.title.split(" within")[0] for report in found] == [
        "USA: any new case of GSDB",
        "USA: any new case of EUSANCT",
    ]
    happened = found[0].predictions["happened"]  # GSDB: US measures against Mali after the coup of 2012
    assert happened.xs("MLI", level="target").loc["2012-12-31"].item() == 1
