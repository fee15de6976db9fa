"""Positions as known on a day: no look-ahead, the formula by hand, the embedded table, the library file, real data."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import risk
from risk.datasets import describe, path
from risk.reading import TableError
from risk.votes import IdealPoints, agreement, kappa, read_un_library, vote_prior, vote_prior_matrix
from risk.votes.positions import REFERENCE_DISTANCE


def table(rows) -> pd.DataFrame:
    columns = ["state", "session", "position", "se", "n_votes", "vintage", "known_on"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(known_on=pd.to_datetime(frame["known_on"]))


KNOWN = table(
    [
        ("A", 1, 0.0, 0.1, 9, 1, "2001-01-01"),
        ("B", 1, 0.5, 0.1, 9, 1, "2001-01-01"),
        ("A", 2, 0.0, 0.1, 9, 2, "2002-01-01"),
        ("B", 2, 3.0, 0.1, 9, 2, "2002-01-01"),
        ("C", 2, 1.0, 0.1, 9, 2, "2002-01-01"),
        ("A", 3, 0.0, 0.1, 9, 3, "2003-01-01"),
        ("C", 3, 0.4, 0.1, 9, 3, "2003-01-01"),
        ("A", 1, 9.0, 0.1, 9, 3, "2003-01-01"),  # session 1 as seen from vintage 3: hindsight
        ("B", 1, -9.0, 0.1, 9, 3, "2003-01-01"),
    ]
)


def test_the_prior_by_hand():
    assert vote_prior(KNOWN, "A", "B", "2001-01-01", 2.0, 365) == (pytest.approx(1 - 2 * 0.5 / 2), 0, 1)
    value, age, session = vote_prior(KNOWN, "A", "B", "2001-12-31", 2.0, 364)
    assert (value, age, session) == (pytest.approx(0.5 / 2), 364, 1)
    assert vote_prior(KNOWN, "B", "A", "2002-01-01", 2.0, 365) == (-1.0, 0, 2)  # clipped, symmetric
    assert vote_prior(KNOWN, "A", "B", "2003-01-01", 2.0, 365) == (pytest.approx(-0.5), 365, 2)  # B is gone
    assert vote_prior(KNOWN, "A", "C", "2003-01-01", 2.0, 365) == (pytest.approx(0.6), 0, 3)


def test_nothing_to_go_by_is_none():
    assert vote_prior(KNOWN, "A", "B", "2000-12-31", 2.0, 365) is None
    assert vote_prior(KNOWN, "A", "C", "2001-12-31", 2.0, 365) is None
    assert vote_prior(KNOWN, "A", "X", "2003-01-01", 2.0, 365) is None


def test_what_comes_later_changes_nothing():
    for day in ("2001-06-01", "2002-06-01"):
        early = KNOWN[KNOWN["known_on"] <= day]
        for a, b in (("A", "B"), ("A", "C"), ("B", "C")):
            assert vote_prior(KNOWN, a, b, day, 2.0, 365) == vote_prior(early, a, b, day, 2.0, 365)


def test_the_matrix_is_the_pairs():
    states = ["C", "A", "X", "B"]
    for day in ("2000-01-01", "2001-06-01", "2002-06-01", "2020-06-01"):
        whole = vote_prior_matrix(KNOWN, states, day, 2.0, 365)
        for i, a in enumerate(states):
            for j, b in enumerate(states):
                found = vote_prior(KNOWN, a, b, day, 2.0, 365)
                np.testing.assert_allclose(whole[i, j], np.nan if found is None else found[0])


def test_a_changed_table_is_seen():
    changed = KNOWN.copy()
    before = vote_prior(changed, "A", "B", "2001-01-01", 2.0, 365)
    changed.loc[1, "position"] = 1.0
    assert vote_prior(changed, "A", "B", "2001-01-01", 2.0, 365) != before
    for days in range(5):
        later = KNOWN.assign(known_on=KNOWN["known_on"] + pd.Timedelta(days=days))
        assert vote_prior(later, "A", "B", "2001-01-09", 2.0, 365)[1] == 8 - days


def test_day_numbers_are_days():
    day = (pd.Timestamp("2002-06-01") - pd.Timestamp("1970-01-01")).days
    assert vote_prior(KNOWN, "A", "B", day, 2.0, 365) == vote_prior(KNOWN, "A", "B", "2002-06-01", 2.0, 365)


def test_the_embedded_table_keeps_its_assertions():
    positions, wanted = risk.load_positions(), describe("positions")["assertions"]
    assert list(positions.columns) == ["state", "session", "position", "se", "n_votes", "vintage", "known_on"]
    assert len(positions) == wanted["rows"]
    assert not positions.duplicated(wanted["key"]).any()
    assert positions["vintage"].nunique() == wanted["vintages"]
    assert positions["known_on"].max() == pd.Timestamp(wanted["known_on_max"])
    assert positions["position"].between(*wanted["position_range"]).all()
    assert (positions["se"] >= wanted["se_min"]).all()
    assert (positions["n_votes"] >= wanted["n_votes_min"]).all()
    assert not positions.isna().any(axis=None)
    assert ((positions["vintage"] == positions["session"]) | (positions["vintage"] == 75)).all()
    days = positions.groupby("vintage")["known_on"].first()
    assert days.is_monotonic_increasing
    assert path("positions", "positions.csv").stat().st_size < 3_000_000


def test_the_embedded_axis_stands_on_its_anchors():
    last = risk.load_positions().query("vintage == 75")
    assert last[last["state"] == "USA"]["position"].mean() == pytest.approx(1, abs=1e-3)
    assert last[last["state"].isin(["SUN", "RUS"])]["position"].mean() == pytest.approx(-1, abs=1e-3)


def test_states_have_the_codes_of_their_day():
    own = risk.load_positions().query("vintage == session").set_index(["session", "state"])
    assert (45, "SUN") in own.index
    assert (45, "RUS") not in own.index
    assert (46, "RUS") in own.index
    assert not any(
        session in range(30, 48) and state == "ZAF" for session, state in own.index
    )  # barred in 1974


def test_the_reference_distance_is_what_its_comment_says():
    own = risk.load_positions().query("vintage == session")
    apart = [
        np.abs(part.to_numpy()[:, None] - part.to_numpy())[np.triu_indices(len(part), 1)]
        for _, part in own.groupby("session")["position"]
    ]
    assert np.quantile(np.concatenate(apart), 0.99) == pytest.approx(REFERENCE_DISTANCE, abs=0.05)


HEADER = (
    "undl_id,ms_code,ms_name,ms_vote,date,session,resolution,draft,committee_report,meeting,title,agenda_title,"
    "subjects,vote_note,total_yes,total_no,total_abstentions,total_non_voting,total_ms,undl_link"
)


def library_file(folder: Path, *rows: str) -> Path:
    file = folder / "votes.csv"
    file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return file


def row(
    record: int,
    state: str,
    vote: str,
    session: str = "78",
    date: str = "2023-11-02",
    totals: str = "1.0,1.0,1.0,1.0,4.0",
) -> str:
    """A made-up record in the form of the file."""
    return (
        f"{record},{state},NAME,{vote},{date},{session},A/RES/{session}/{record},A/{session}/L.1,,A/{session}/PV.1,"
        f'"Made up, number {record} : resolution / adopted by the General Assembly",ITEM,SUBJECT,,{totals},https://example.org/{record}'
    )


def test_the_library_file_becomes_votes_and_roll_calls(tmp_path):
    states = zip(("CUB", "USA", "NAM", "TUV"), "YNAX")
    emergency = [row(8, state, "Y", "ES-10", "2023-10-27", "2,0,0,0,2") for state in ("CUB", "USA")]
    found = read_un_library(library_file(tmp_path, *[row(7, s, v) for s, v in states], *emergency))
    assert found.votes.values.tolist() == [
        ["7", "CUB", 1], ["7", "USA", 3], ["7", "NAM", 2], ["8", "CUB", 1], ["8", "USA", 1],
    ]  # fmt: skip
    calls = found.roll_calls.set_index("rcid")
    assert calls["session"].tolist() == [78, 78]
    assert calls["label"].tolist() == ["78", "ES-10"]
    assert calls[["yes", "abstain", "no"]].values.tolist() == [[1, 1, 1], [2, 0, 0]]
    assert calls["totals_agree"].all()
    assert agreement(found.votes, found.roll_calls)["n_joint"].max() == 2
    assert found.report.rows_read == found.report.accepted == 6


def test_wrong_totals_are_told(tmp_path):
    found = read_un_library(library_file(tmp_path, row(7, "CUB", "Y", totals="2,0,0,0,2")))
    assert found.roll_calls["totals_agree"].tolist() == [False]


def test_a_bad_library_row_names_its_place(tmp_path):
    file = library_file(
        tmp_path, row(7, "CUB", "Y"), row(7, "USA", "Q"), row(7, "NAM", "A", date="2023-02-30")
    )
    with pytest.raises(TableError, match="row 3, column ms_vote"):
        read_un_library(file)
    kept = read_un_library(file, errors="quarantine")
    assert kept.report.rows_read == 3 == kept.report.accepted + kept.report.rejected
    assert kept.votes["state"].tolist() == ["CUB"]


def test_a_file_without_the_columns_is_refused(tmp_path):
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n")
    with pytest.raises(TableError, match="undl_id"):
        read_un_library(file)


@pytest.fixture(scope="module")
def unga(real_data) -> Path:
    return real_data / "unga"


@pytest.fixture(scope="module")
def builder():
    spec = importlib.util.spec_from_file_location("build_positions", path("positions", "build.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_embedded_table_is_rebuilt_to_the_digit(unga, builder):
    """The first twelve vintages, from the raw file; the last of them in all its sessions is not in the table."""
    made = builder.build(*builder.read_raw(unga), until=12)
    made = made[made["vintage"] == made["session"]].reset_index(drop=True)
    held = pd.read_csv(path("positions", "positions.csv"), keep_default_na=False)
    held = held[(held["vintage"] == held["session"]) & (held["vintage"] <= 12)].reset_index(drop=True)
    pd.testing.assert_frame_equal(made, held, check_exact=True, check_dtype=False)


def test_a_vintage_does_not_see_later_votes(unga, builder):
    votes, roll_calls = builder.read_raw(unga)
    early = roll_calls[roll_calls["session"] <= 9]
    cut = builder.build(votes[votes["rcid"].isin(early["rcid"])], early, until=8)
    whole = builder.build(votes, roll_calls, until=8)
    pd.testing.assert_frame_equal(cut, whole, check_exact=True)


def test_agreement_of_real_votes_is_the_plain_count(unga):
    votes = pd.read_parquet(unga / "votes_1946_2020.parquet").rename(columns={"ccode": "state"})
    roll_calls = pd.read_csv(unga / "rollcalls_1946_2020.csv", usecols=["rcid", "session"])
    found = agreement(votes, roll_calls, states=[2, 101, 365]).set_index(["session", "a", "b"])["value"]
    wide = votes.merge(roll_calls).pivot(index=["session", "rcid"], columns="state", values="vote")
    for a, b in ((2, 101), (2, 365), (101, 365)):
        both = wide[[a, b]].dropna()
        plain = (both[a] == both[b]).groupby(level="session").mean()
        np.testing.assert_allclose(found.xs((a, b), level=("a", "b")).loc[plain.index], plain)


def test_kappa_of_all_pairs_of_real_votes(unga):
    votes = pd.read_parquet(unga / "votes_1946_2020.parquet").rename(columns={"ccode": "state"})
    roll_calls = pd.read_csv(unga / "rollcalls_1946_2020.csv", usecols=["rcid", "year"])
    found = kappa(votes, roll_calls, by="year")
    assert len(found) > 800_000
    assert found["value"].dropna().between(-1, 1).all()
    usa_gbr = found.query("a == 2 and b == 200").set_index("year")["value"]
    assert usa_gbr[1985] > found.query("a == 2 and b == 365").set_index("year")["value"][1985]


def test_the_bound_never_falls_on_real_votes(unga):
    """A quarter of the roll calls of five sessions, with the step variance held and estimated."""
    from risk.votes.card import ANCHORS, bridged, read_raw

    votes, roll_calls, _ = read_raw(unga)
    part = roll_calls[roll_calls["session"].between(40, 44) & (roll_calls["rcid"] % 4 == 0)]
    tables = bridged(votes[votes["rcid"].isin(part["rcid"])], part)
    for innovation in (0.25, "estimate"):
        model = IdealPoints(ANCHORS, innovation=innovation, max_iter=1000).fit(*tables)
        assert model.converged_
        assert (np.diff(model.bounds_) >= -1e-9 * abs(model.bounds_[0])).all()


@pytest.mark.slow
def test_positions_follow_the_published_ones(unga):
    from risk.votes.card import ANCHORS, bridged, correlations, read_raw

    votes, roll_calls, published = read_raw(unga)
    model = IdealPoints(ANCHORS).fit(*bridged(votes, roll_calls))
    within, _ = correlations(model.positions_, published)
    assert within.median() >= 0.997
    assert within.quantile(0.05) >= 0.98
    assert (np.diff(model.bounds_) > 0).all()
