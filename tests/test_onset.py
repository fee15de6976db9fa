"""The onset scorecard: scikit-learn's contract, hand figures, exact shares, and files that are refused."""

from __future__ import annotations

import hashlib
import json
import math
import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.utils.estimator_checks import parametrize_with_checks

from risk import datasets
from risk.days import day_number
from risk.ledger import open_ledger
from risk.onset import (
    FEATURES,
    LeakageError,
    ModelError,
    OnsetModel,
    OnsetScorecard,
    event_shares,
    features_at,
    forecast,
    guard,
    load_model,
    log_stock_shares,
    training_table,
)
from risk.onset.fitting import calibrate, fit_logistic, past_folds

RNG = np.random.default_rng(7)
DAY = "2025-10-15"


@parametrize_with_checks([OnsetScorecard(), OnsetScorecard(ridge=3.0, calibrated=False)])
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def made(n=600, k=3):
    X = pd.DataFrame(RNG.normal(size=(n, k)), columns=[f"f{i}" for i in range(k)])
    y = (RNG.random(n) < 1 / (1 + np.exp(2 - X["f0"] + 0.8 * X["f1"]))).astype(int)
    return X, y


def model(**changes):
    X, y = made()
    fields = OnsetScorecard().fit(X, y).to_model(sender="USA").to_dict()
    fields.pop("sha256")
    return {**fields, **changes}


def test_points_reference_figures():
    card = OnsetScorecard(pdo=20, points0=600, odds0=50).fit(*made())
    assert card.factor_ == pytest.approx(28.8539, abs=5e-5)
    assert card.offset_ == pytest.approx(487.123, abs=5e-4)
    assert card.offset_ + card.factor_ * math.log(50) == pytest.approx(600, abs=1e-9)


def test_20_points_less_double_the_odds():
    X, y = made()
    card = OnsetScorecard().fit(X, y)
    odds = np.exp(card.decision_function(X))
    assert np.allclose(np.exp((600 - card.points(X)) / card.factor_) / 50, odds)


def test_points_by_feature_add_up():
    X, y = made()
    card = OnsetScorecard().fit(X, y)
    assert np.allclose(card.points_by_feature(X).sum(axis=1), card.points(X), atol=1e-9)


def test_without_bounds_it_is_ridge_logistic_regression():
    X, y = made()
    z = ((X - X.mean()) / X.std(ddof=0)).to_numpy()
    ours = fit_logistic(z, y.to_numpy(), 2.0, np.zeros(3))
    theirs = LogisticRegression(C=0.5, tol=1e-10, max_iter=2000).fit(z, y)
    assert np.allclose(ours[1], theirs.coef_[0], atol=1e-4)
    assert ours[0] == pytest.approx(theirs.intercept_[0], abs=1e-4)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_sign_is_kept(sign):
    X, y = made()
    card = OnsetScorecard(signs={"f0": sign, "f1": sign, "f2": sign}).fit(X, y)
    assert (card.coef_ * sign >= 0).all()
    assert (card.coef_ == 0).any(), "the data pull the other way for one of them: it stays on its bound"


def test_signs_by_wrong_name_or_length_are_refused():
    with pytest.raises(ValueError, match="no feature is called g"):
        OnsetScorecard(signs={"g": 1}).fit(*made())
    with pytest.raises(ValueError, match="2 signs for 3 features"):
        OnsetScorecard(signs=[1, 1]).fit(*made())


def test_one_class_is_an_error():
    with pytest.raises(ValueError, match="one class"):
        OnsetScorecard().fit(np.zeros((4, 1)), [0, 0, 0, 0])


def test_a_constant_column_weighs_nothing():
    X, y = made()
    card = OnsetScorecard().fit(X.assign(f3=5.0), y)
    assert card.coef_[3] == 0


def test_folds_train_on_the_past_only():
    time = RNG.integers(1999, 2012, 300)
    folds = past_folds(time, 5)
    assert len(folds) == 5
    assert all(time[train].max() < time[test].min() for train, test in folds)


def test_the_future_cannot_move_the_folds_before_it():
    time = np.repeat(np.arange(2000, 2012), 10)
    before = past_folds(time, 11)[:5]
    after = past_folds(time[time < 2009], 8)[:5]
    for (a, b), (c, d) in zip(before, after, strict=True):
        assert a.tolist() == c.tolist()
        assert b.tolist() == d.tolist()


def test_calibration_undoes_overconfidence():
    truth = RNG.normal(-1, 1, 20_000)
    y = (RNG.random(20_000) < 1 / (1 + np.exp(-truth))).astype(int)
    shift, slope = calibrate(2 * truth + 1, y)
    assert slope[0] == pytest.approx(0.5, abs=0.03)
    assert shift == pytest.approx(-0.5, abs=0.06)


def test_intervals_cover():
    hits = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        X = pd.DataFrame({"f": rng.normal(size=400)})
        y = (rng.random(400) < 1 / (1 + np.exp(1 - X["f"]))).astype(int)
        found = OnsetScorecard(ridge=0.0).fit(X, y).coefficients().iloc[0]
        hits += found["low"] <= 1.0 <= found["high"]
    assert 47 <= hits <= 60, "90 % of 60 is 54; outside 47 to 60 the interval is wrong"


def test_model_round_trip(tmp_path):
    X, y = made()
    card = OnsetScorecard().fit(X, y)
    read = OnsetModel.load(card.save(tmp_path / "m.json", sender="USA", data="made up"))
    row = X.iloc[0].to_dict()
    assert read.probability(row)[0] == pytest.approx(card.predict_proba(X.iloc[:1])[0, 1], abs=1e-12)
    low, high = read.probability(row)[1:]
    assert low < read.probability(row)[0] < high
    assert sum(read.points_of(row).values()) == pytest.approx(card.points(X.iloc[:1])[0], abs=1e-9)
    assert "made up" in repr(read)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_refused_by_name(tmp_path, protocol):
    file = tmp_path / "model.json"
    file.write_bytes(pickle.dumps({"coef": [1.0]}, protocol=protocol))
    with pytest.raises(ModelError, match="is a pickle, which is never read"):
        OnsetModel.load(file)


@pytest.mark.parametrize(
    "content, message",
    [
        (b"\x93NUMPY\x01\x00", "NumPy array file"),
        (b"PK\x03\x04rest", "a zip"),
        (b"\x1f\x8b\x08", "a gzip"),
        (b"(dp0\n.", "is not JSON text"),
        (b"\xff\xfe", "is not JSON text"),
        (b"[" * 100_000, "is not JSON text"),
        (b"[]", "schema None"),
        (b'{"schema": "risk.onset/0"}', "schema 'risk.onset/0'"),
        (b'{"schema": "risk.onset/1"}', "fields missing"),
        (b'{"schema": "risk.onset/1", "intercept": NaN}', "NaN is no number"),
    ],
)
def test_other_files_are_refused(tmp_path, content, message):
    file = tmp_path / "model.json"
    file.write_bytes(content)
    with pytest.raises(ModelError, match=message):
        OnsetModel.load(file)


def test_an_edited_file_is_noticed(tmp_path):
    file = OnsetScorecard().fit(*made()).save(tmp_path / "m.json")
    fields = json.loads(file.read_text())
    fields["intercept"] += 1e-9
    file.write_text(json.dumps(fields))
    with pytest.raises(ModelError, match="SHA-256 does not match"):
        OnsetModel.load(file)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"coefficients": [math.nan, 0.0, 0.0]}, "NaN or infinity"),
        ({"coefficients": [None, 0.0, 0.0]}, "no number"),
        ({"coefficients": ["1", 0.0, 0.0]}, "no number"),
        ({"intercept": math.inf}, "NaN or infinity"),
        ({"coefficients": [0.0]}, "3 features, but"),
        ({"features": ["f0", "f0", "f2"]}, "stands twice"),
        ({"base_rate": 0.0}, "not between 0 and 1"),
        ({"level": 1.0}, "level"),
    ],
)
def test_numbers_that_say_nothing_are_refused(change, message):
    fields = model(**change)
    fields.pop("schema")
    with pytest.raises(ModelError, match=message):
        OnsetModel.of(**fields)


def test_a_missing_feature_is_an_error():
    fields = model()
    fields.pop("schema")
    with pytest.raises(ModelError, match="no value for f2"):
        OnsetModel.of(**fields).probability({"f0": 1.0, "f1": 0.0})


def test_hostile_text_in_a_card_is_escaped():
    fields = model(card={"sender": "<script>alert(1)</script>"})
    fields.pop("schema")
    assert "<script>" not in OnsetModel.of(**fields)._repr_html_()


@given(st.lists(st.floats(0, 50), min_size=1, max_size=20), st.floats(-3, 3))
def test_shares_of_a_log_stock_add_up(weights, coefficient):
    shares = log_stock_shares(np.array(weights), coefficient)
    assert shares.sum() == pytest.approx(coefficient * math.log1p(sum(weights)), abs=1e-9)


def test_guard_names_the_type():
    with pytest.raises(LeakageError, match=r"'own' is made of sanction\.measure"):
        guard({"own": ["sanction.measure"]}, ["sanction.measure"], {"own": 0})
    guard({"own": ["sanction.measure"]}, ["sanction.measure"], {"own": 1})


def test_every_feature_says_why_and_keeps_its_lag():
    assert all(feature.reason and feature.lag >= 1 for feature in FEATURES.values())
    assert {feature.sign for feature in FEATURES.values()} <= {1, -1}


@pytest.fixture(scope="module")
def ledger():
    return open_ledger()


def test_features_know_nothing_of_the_future(ledger):
    """Rows dated or published after the day are dropped: nothing moves, to the bit."""
    day = pd.Timestamp("2017-06-30")
    past = ledger.changed(
        events=ledger.events[(ledger.events["date"] <= day) & (ledger.events["known_on"] <= day)].reset_index(
            drop=True
        ),
        sanctions=ledger.sanctions[
            (ledger.sanctions["start"] <= day) & (ledger.sanctions["known_on"] <= day)
        ].reset_index(drop=True),
        positions=ledger.positions[pd.to_datetime(ledger.positions["known_on"]) <= day].reset_index(
            drop=True
        ),
    )
    whole, cut = (features_at(one, "USA", [day]) for one in (ledger, past))
    pd.testing.assert_frame_equal(whole, cut, rtol=0, atol=1e-12)


def test_one_state_alone_has_the_features_it_has_among_all(ledger):
    every = features_at(ledger, "EU", [DAY])
    for target in ("VEN", "RUS", "TUV", "SSD", "CHE"):
        alone = features_at(ledger, "EU", [DAY], [target])
        pd.testing.assert_frame_equal(alone, every.loc[alone.index], rtol=0, atol=0)


def test_outcomes_by_hand(ledger):
    """The United States acted against Venezuela in March 2015 (E.O. 13692), and had stopped arms sales in 2006."""
    table = training_table(ledger, "USA", ["2014-12-31", "2015-12-31"])
    assert table.loc[("2014-12-31", "VEN"), "happened"].item() == 1
    assert "USA" not in table.index.get_level_values("target")
    first = training_table(ledger, "USA", ["2014-12-31"], task="first")
    assert "VEN" not in first.index.get_level_values("target"), "the arms ban of 2006 came first"
    assert (first["sanctioned_before"] == 0).all()


def test_triggers_by_hand(ledger):
    """North Korea's sixth test was on 2017-09-03, Niger's coup on 2023-07-26; nothing of either the day before."""
    on = features_at(ledger, "USA", ["2017-09-03"], ["PRK", "TUV"])["nuclear_test"]
    before = features_at(ledger, "USA", ["2017-09-02"], ["PRK", "TUV"])["nuclear_test"]
    assert np.expm1(on.iloc[0]) == pytest.approx(np.expm1(before.iloc[0]) * 0.5 ** (1 / 365.25) + 1, abs=1e-9)
    assert on.iloc[1] == before.iloc[1] == 0
    coups = features_at(ledger, "EU", ["2023-07-26"], ["NER"])["coup"].iloc[0]
    assert coups - features_at(ledger, "EU", ["2023-07-25"], ["NER"])["coup"].iloc[0] > 0.4


def test_the_eu_is_not_asked_about_its_members(ledger):
    assert "FRA" not in features_at(ledger, "EU", [DAY]).index.get_level_values("target")


def test_event_shares_add_up_to_the_features(ledger):
    card = OnsetModel.of(
        features=tuple(FEATURES), intercept=-4.0, coefficients=[0.5] * len(FEATURES),
        covariance=np.zeros((len(FEATURES) + 1,) * 2).tolist(), base_rate=0.02,
        points={"pdo": 20, "points0": 600, "odds0": 50}, level=0.9, card={},
    )  # fmt: skip
    values = features_at(ledger, "USA", [DAY], ["VEN"]).iloc[0]
    shares = event_shares(ledger, card, "USA", "VEN", day_number(DAY)).groupby("feature")["share"].sum()
    for name in ("hostile_fast", "hostile_slow", "friendly_fast", "friendly_slow"):
        assert shares[name] == pytest.approx(0.5 * values[name], abs=1e-9)


def test_forecast_with_a_model_of_ones_own(ledger):
    X = training_table(ledger, "USA", [f"{year}-12-31" for year in range(2010, 2020)])
    card = OnsetScorecard().fit(X[list(FEATURES)], X["happened"]).to_model(sender="USA", data="test")
    day = day_number(DAY)
    table = forecast(ledger, "VEN", day, day, models={"USA": card})
    assert table.columns.tolist() == [
        "sender", "task", "probability", "low", "high", "base_rate", "horizon", "model"
    ]  # fmt: skip
    row = table.iloc[0]
    assert 0 < row["low"] <= row["probability"] <= row["high"] < 1
    assert row["horizon"] == 365
    assert forecast(ledger, "VEN", day, day, models={}) is None


def test_no_model_no_probability():
    assert load_model("VAT") is None
    with pytest.raises(ValueError, match="use one of any, first"):
        load_model("USA", "second")


def test_no_coefficient_from_after_the_day(ledger):
    """A vintage is closed before the day; before the first one nothing is said."""
    for day, vintage in (
        ("2025-10-15", "2024-12-31"),
        ("2025-12-31", "2025-12-31"),
        ("2009-12-31", "2009-12-31"),
    ):
        assert load_model("USA", as_of=day_number(day)).card["vintage"] == vintage
    assert load_model("USA", as_of=day_number("2009-12-30")) is None
    early = day_number("2005-06-30")
    assert forecast(ledger, "VEN", early, early) is None


def test_what_is_shown_for_venezuela(ledger):
    day = day_number(DAY)
    table = forecast(ledger, "VEN", day, day).set_index("sender")
    assert table.loc["USA", "probability"] > 10 * table.loc["USA", "base_rate"]
    assert set(table.index) == {"USA", "EU"}, "for the others the events are too few to tell"
    said = forecast(ledger, "FRA", day, day)
    assert said is None or "EU" not in set(said["sender"]), "the EU is not asked about a member"


def test_models_do_not_hold_for_other_data_or_another_recipe(ledger):
    day = day_number(DAY)
    assert forecast(ledger.changed(version="own events"), "VEN", day, day) is None
    other = ledger.changed(recipe=ledger.recipe.replace(clocks={"fast": 30.0}))
    assert forecast(other, "VEN", day, day) is None


def test_a_state_never_sanctioned_is_asked_for_a_first_measure(ledger):
    day = day_number(DAY)
    table = pd.read_csv(datasets.path("onset", "skill.csv")).set_index(["sender", "task"])["shown"]
    for state, task in (("VEN", "any"), ("CHE", "first")):
        said = forecast(ledger, state, day, day, senders=("USA", "EU"))
        found = {} if said is None else dict(zip(said["sender"], said["task"]))
        assert found == {sender: task for sender in ("USA", "EU") if table[sender, task] == "yes"}, (
            "shown where it beat the baselines, and only there"
        )


SHIPPED = sorted(datasets.path("onset").glob("scorecard-*.json"))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_what_is_shipped_says_where_it_comes_from(file):
    shipped = OnsetModel.load(file)
    for name in (
        "senders",
        "outcome",
        "data",
        "data_sha256",
        "window",
        "vintage",
        "recipe_digest",
        "recipe_part",
        "horizon_days",
        "skill",
    ):
        assert shipped.card.get(name), name
    assert shipped.features == tuple(FEATURES)
    signs = np.array([feature.sign for feature in FEATURES.values()])
    assert (shipped.coefficients * signs >= 0).all()


def test_the_scorecards_were_fitted_on_the_tables_as_they_are():
    """A row changed in events, sanctions, triggers or positions asks for `python datasets/onset/build.py`."""
    names = ("events", "sanctions", "triggers", "positions")
    digests = [hashlib.sha256(datasets.path(name, f"{name}.csv").read_bytes()).hexdigest() for name in names]
    now = hashlib.sha256("\n".join(digests).encode()).hexdigest()
    assert {OnsetModel.load(file).card["data_sha256"] for file in SHIPPED} == {now}


def test_import_risk_and_reading_a_model_stay_light():
    code = "import risk, risk.onset, sys; risk.onset.load_model('USA'); print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
