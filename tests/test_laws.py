"""Laws of the score, held against tables that hypothesis draws, and a slow plain twin of the whole path."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from conftest import CODES, event_tables
from hypothesis import given
from hypothesis import strategies as st
from slow import stocks as slow_stocks

import risk
from risk.ledger import no_positions, no_sanctions, no_ties
from risk.recipe import Recipe

PLAIN = Recipe(prior_weights={"base": 0.2}, base=0.5)
as_of_days = st.dates(pd.Timestamp("1999-06-01").date(), pd.Timestamp("2030-01-01").date())


def scorer(events: pd.DataFrame, recipe: Recipe = PLAIN) -> risk.Scorer:
    """A scorer of these events alone."""
    return risk.Scorer(events, no_sanctions(), recipe, ties=no_ties(), positions=no_positions())


def same(one: float, other: float) -> bool:
    """Bit-identical, NaN being NaN."""
    return one == other or (math.isnan(one) and math.isnan(other))


@given(event_tables(), as_of_days, st.sampled_from([0, 0, 100, -200]))
def test_the_fast_path_is_the_slow_path(events, as_of, lag):
    known_on = as_of + pd.Timedelta(days=lag)
    score = scorer(events).alignment("RUS", "VEN", as_of=as_of, known_on=known_on)
    cooperation, conflict = slow_stocks(events, "RUS", "VEN", str(as_of), str(known_on), PLAIN)
    assert score.cooperation == pytest.approx(cooperation, abs=1e-10)
    assert score.conflict == pytest.approx(conflict, abs=1e-10)
    if not math.isnan(score.value):
        total = 1 + cooperation + conflict
        assert score.value == pytest.approx((0.1 + cooperation - conflict) / total, abs=1e-10)


@given(event_tables(), as_of_days)
def test_contributions_add_up_to_the_score(events, as_of):
    score = scorer(events).alignment("RUS", "VEN", as_of=as_of)
    if math.isnan(score.value):
        assert score.contributions.empty
        return
    assert score.contributions["share"].sum() == pytest.approx(score.value, abs=1e-12)
    assert score.attribution("aumann-shapley")["share"].sum() == pytest.approx(score.value, abs=1e-12)
    for what in ("family", "event_type", "year", "source"):
        assert score.by(what)["share"].sum() == pytest.approx(score.value, abs=1e-12)
    assert -1 < score.interval[0] <= score.interval[1] < 1 or score.volume > 50


@given(event_tables(), as_of_days)
def test_what_lies_after_the_day_or_became_known_after_it_moves_nothing(events, as_of):
    day = pd.Timestamp(as_of)
    past = events[(events["date"] <= day) & (events["known_on"] <= day)].copy()
    late_end = past["end_known_on"] > day
    past.loc[late_end, ["end", "end_known_on"]] = pd.NaT
    full, cut = (
        scorer(events).alignment("RUS", "VEN", as_of=as_of),
        scorer(past).alignment("RUS", "VEN", as_of=as_of),
    )
    for name in ("value", "cooperation", "conflict", "prior"):
        assert same(getattr(full, name), getattr(cut, name)), name
    assert full.interval == cut.interval or math.isnan(full.value)
    shares = [one.contributions.set_index("event_id")["share"].sort_index() for one in (full, cut)]
    pd.testing.assert_series_equal(*shares, check_exact=True)


@given(event_tables(), as_of_days)
def test_the_panel_before_an_appended_future_is_bit_identical(events, as_of):
    day = pd.Timestamp(as_of)
    known = np.maximum(events["date"], events["known_on"]) <= day
    past = events[known].reset_index(drop=True)
    past.loc[past["end_known_on"] > day, ["end", "end_known_on"]] = pd.NaT
    dates = [day - pd.Timedelta(days=400), day]
    dyads = [("RUS", "VEN"), ("CHN", "CUB")]
    longer = scorer(pd.concat([past, events[~known]], ignore_index=True)).panel(dates, dyads)
    columns = ["cooperation", "conflict"]
    pd.testing.assert_frame_equal(
        longer[columns], scorer(past).panel(dates, dyads)[columns], check_exact=True
    )


@given(event_tables(), as_of_days)
def test_the_order_of_rows_does_not_matter(events, as_of):
    one = scorer(events).alignment("RUS", "VEN", as_of=as_of)
    other = scorer(events.iloc[::-1].reset_index(drop=True)).alignment("RUS", "VEN", as_of=as_of)
    assert same(one.value, other.value)


@given(event_tables(), as_of_days)
def test_swapping_the_states_swaps_nothing_but_their_names(events, as_of):
    ab = scorer(events).alignment("RUS", "VEN", as_of=as_of)
    ba = scorer(events).alignment("VEN", "RUS", as_of=as_of)
    assert (ab.a, ab.b) == (ba.b, ba.a)
    assert same(ab.value, ba.value)


@given(event_tables(), as_of_days, st.permutations(CODES))
def test_renaming_states_renames_scores(events, as_of, renamed):
    names = dict(zip(CODES, renamed, strict=True))
    moved = events.copy()
    for column in ("actor", "recipient"):
        moved[column] = moved[column].map(lambda code: names.get(code, code))
    moved["participants"] = moved["participants"].map(
        lambda text: ";".join(sorted(names[code] for code in text.split(";"))) if text else ""
    )
    one = scorer(events).alignment("RUS", "VEN", as_of=as_of).value
    other = scorer(moved).alignment(names["RUS"], names["VEN"], as_of=as_of).value
    assert one == pytest.approx(other, abs=1e-12, nan_ok=True)


@given(event_tables(), as_of_days, st.integers(-3000, 1500))
def test_shifting_every_day_shifts_nothing_else(events, as_of, days):
    shift = pd.Timedelta(days=days)
    moved = events.copy()
    for column in ("date", "end", "known_on", "end_known_on"):
        moved[column] = moved[column] + shift
    one = scorer(events).alignment("RUS", "VEN", as_of=as_of).value
    other = scorer(moved).alignment("RUS", "VEN", as_of=as_of + shift).value
    assert same(one, other)


@given(event_tables(min_size=2), as_of_days, st.integers(1, 13))
def test_stocks_of_two_files_add_up_to_those_of_the_joined_one(events, as_of, at):
    events = events.assign(act_id="")
    parts = [events.iloc[:at].reset_index(drop=True), events.iloc[at:].reset_index(drop=True)]
    split = [scorer(part).alignment("RUS", "VEN", as_of=as_of).cooperation for part in parts if len(part)]
    whole = scorer(events).alignment("RUS", "VEN", as_of=as_of).cooperation
    assert math.fsum(split) == pytest.approx(whole, abs=1e-12)


@given(event_tables(), as_of_days)
def test_without_new_events_the_score_fades_to_its_prior(events, as_of):
    events = events[events["event_type"].isin(["energy.oil", "pressure.tariff"])].reset_index(drop=True)
    one = scorer(events)
    score = one.alignment("RUS", "VEN", as_of="2600-01-01")
    assert math.isnan(score.value) or score.value == pytest.approx(score.prior, abs=1e-9)


@given(event_tables(), as_of_days)
def test_the_panel_is_the_single_score_of_every_date(events, as_of):
    dates = [pd.Timestamp(as_of) - pd.Timedelta(days=d) for d in (900, 31, 0)]
    one = scorer(events)
    table = one.panel(dates)
    for (day, a, b), row in table.iterrows():
        score = one.alignment(a, b, as_of=day)
        assert row["cooperation"] == pytest.approx(score.cooperation, abs=1e-9)
        assert row["conflict"] == pytest.approx(score.conflict, abs=1e-9)
        if score.coverage != "none":
            assert row["value"] == pytest.approx(score.value, abs=1e-9)
    features = one.features(dates)
    friendly = [name for name in features if name.startswith("cooperation.")]
    assert features[friendly].sum(axis=1).to_numpy() == pytest.approx(
        table["cooperation"].to_numpy(), abs=1e-9
    )


@given(event_tables(), as_of_days, st.integers(0, 2000))
def test_the_parts_of_a_change_add_up_to_it(events, as_of, days):
    change = scorer(events).change(
        "RUS", "VEN", start=pd.Timestamp(as_of) - pd.Timedelta(days=days), end=as_of
    )
    assert change.contributions["share"].sum() == pytest.approx(change.total, abs=1e-12)
    assert change.parts["share"].sum() == pytest.approx(change.total, abs=1e-12)


@given(event_tables(), as_of_days)
def test_gradients_are_finite_differences(events, as_of):
    one = scorer(events).alignment("RUS", "VEN", as_of=as_of)
    if math.isnan(one.value):
        return
    found = one.gradients().set_index("parameter")["gradient"]["kappa"]
    step = 1e-6
    moved = [
        scorer(events, PLAIN.replace(kappa=1 + way * step)).alignment("RUS", "VEN", as_of=as_of).value
        for way in (1, -1)
    ]
    assert found == pytest.approx((moved[0] - moved[1]) / (2 * step), abs=1e-6)


@given(event_tables())
def test_no_input_is_changed(events):
    before = events.copy(deep=True)
    one = scorer(events)
    one.alignment("RUS", "VEN", as_of="2020-01-01")
    one.panel(["2020-01-01"])
    one.what_if("RUS", "VEN", as_of="2020-01-01", drop=events["event_id"].iloc[0])
    pd.testing.assert_frame_equal(events, before)


@given(event_tables(min_size=3), as_of_days)
def test_dropping_one_event_is_its_leave_one_out(events, as_of):
    events = events.assign(act_id="")
    one = scorer(events)
    score = one.alignment("RUS", "VEN", as_of=as_of)
    table = score.contributions
    for row in table[table["family"] != "prior"].head(2).itertuples():
        effect = one.what_if("RUS", "VEN", as_of=as_of, drop=row.event_id).total
        if not math.isnan(effect):
            assert effect == pytest.approx(-row.leave_one_out, abs=1e-9)
