"""Validation: metrics against hand figures and slow twins, no look-ahead, and a card that says where it fails."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from risk import datasets
from risk.ledger import open_ledger
from risk.onset import LeakageError
from risk.recipe import Recipe
from risk.scorer import Scorer
from risk.validation import Report, backtest, card, world
from risk.validation.gge_panel import gge_table, gge_years
from risk.validation.intervals import coverage_by_rho, matched_rho
from risk.validation.metrics import (
    average_precision,
    bootstrap_weights,
    brier,
    corp,
    empirical_auc,
    log_loss,
    recalibrated,
    score_table,
    spearman,
)
from risk.validation.own import own_predictions, own_report, own_table
from risk.validation.rolling import climatology, persistence, scorecard, single

RNG = np.random.default_rng(11)
PAIRS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(np.linspace(0, 1, 21).tolist())), min_size=2, max_size=60
)


@given(PAIRS)
def test_corp_parts_sum_to_the_brier_score(pairs):
    y, p = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    parts = corp(y, p)
    total = parts["miscalibration"] - parts["discrimination"] + parts["uncertainty"]
    assert abs(total - brier(y, p)) < 1e-12
    assert parts["miscalibration"] >= -1e-12
    assert parts["discrimination"] >= -1e-12
    assert parts["uncertainty"] == pytest.approx(y.mean() * (1 - y.mean()), abs=1e-12)


@given(PAIRS)
def test_metrics_against_scikit_learn(pairs):
    y, p = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    assert brier(y, p) == pytest.approx(brier_score_loss(y, p), abs=1e-12)
    if 0 < y.sum() < len(y):
        assert empirical_auc(y, p) == pytest.approx(roc_auc_score(y, p), abs=1e-12)
    if y.any():
        assert average_precision(y, p) == pytest.approx(average_precision_score(y, p), abs=1e-12)


@given(PAIRS)
def test_recalibration_is_monotone(pairs):
    y, p = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    fitted = recalibrated(y, p)
    assert (np.diff(fitted[np.argsort(p, kind="stable")]) >= -1e-12).all()


def test_weights_count_as_copies():
    y, p, w = RNG.integers(0, 2, 40), RNG.random(40).round(1), RNG.integers(0, 4, 40)
    copies = np.repeat(np.arange(40), w)
    for metric in (empirical_auc, average_precision, brier, log_loss):
        assert metric(y, p, w) == pytest.approx(metric(y[copies], p[copies]), abs=1e-12)


def test_one_class_has_no_auc():
    assert np.isnan(empirical_auc([0, 0], [0.1, 0.2]))
    assert np.isnan(average_precision([0, 0], [0.1, 0.2]))


@pytest.mark.parametrize(
    "y, p, message",
    [
        ([], [], "at least one"),
        ([0, 1], [0.5], "as many"),
        ([0, 2], [0.5, 0.5], "0 or 1"),
        ([0, 1], [0.5, np.nan], "NaN"),
    ],
)
def test_metrics_refuse_what_is_no_forecast(y, p, message):
    with pytest.raises(ValueError, match=message):
        brier(y, p)


def test_the_bootstrap_draws_whole_targets():
    weights = bootstrap_weights(["a", "b", "a", "c"], 50, np.random.default_rng(0))
    assert (weights[:, 0] == weights[:, 2]).all()
    assert (weights[:, [0, 1, 3]].sum(axis=1) == 3).all()


def test_spearman_by_hand():
    value, low, high = spearman([1, 2, 3, 4], [1, 3, 2, 4], list("abcd"), np.random.default_rng(0))
    assert value == pytest.approx(1 - 6 * 2 / (4 * 15))
    assert low <= value <= high


def made(years=14, states=40):
    rng = np.random.default_rng(5)
    days = pd.to_datetime([f"{2000 + year}-12-31" for year in range(years)])
    index = pd.MultiIndex.from_product([days, [f"S{i:02}" for i in range(states)]], names=["as_of", "target"])
    table = pd.DataFrame(
        {"x": rng.normal(size=len(index)), "recent": rng.integers(0, 2, len(index))}, index=index
    )
    p = 1 / (1 + np.exp(2 - 1.5 * table["x"]))
    label_from = index.get_level_values("as_of") + pd.Timedelta(days=1)
    return table.assign(happened=(rng.random(len(index)) < p).astype(int), label_from=label_from)


MODELS = {
    "climatology": climatology, "persistence": persistence("recent"), "net score": single("recent"),
    "scorecard": scorecard({"x": 1}),
}  # fmt: skip


def test_the_future_cannot_move_a_forecast():
    table = made()
    whole = backtest(table, MODELS, first="2006-12-31")
    cut = backtest(table[table.index.get_level_values("as_of") <= "2008-12-31"], MODELS, first="2006-12-31")
    pd.testing.assert_frame_equal(whole.loc[cut.index], cut, rtol=0, atol=0)


def test_models_never_see_the_outcome_of_the_test_year():
    def nosy(train, test):
        assert "happened" not in test
        assert train.index.get_level_values("as_of").max() < test.index.get_level_values("as_of").min()
        return np.full(len(test), 0.5)

    said = backtest(made(), {"nosy": nosy}, first="2010-12-31")
    assert (said["nosy"] == 0.5).all()


def test_open_outcomes_do_not_train():
    seen = []

    def model(train, test):
        seen.append(train.index.get_level_values("as_of").max())
        return np.full(len(test), 0.5)

    backtest(made(), {"m": model}, first="2012-12-31", horizon=pd.DateOffset(years=3))
    assert seen[0] == pd.Timestamp("2009-12-31")


def test_an_outcome_without_a_lag_is_refused():
    table = made()
    table["label_from"] = table.index.get_level_values("as_of")
    with pytest.raises(LeakageError, match="on or before the day its features end"):
        backtest(table, MODELS, first="2006-12-31")


def test_no_past_is_an_error_not_a_half():
    with pytest.raises(ValueError, match="no past rows of both classes"):
        backtest(made(), MODELS, first="2000-12-31")


@pytest.fixture(scope="module")
def report():
    return Report.of(
        "made up", backtest(made(), MODELS, first="2006-12-31"), np.random.default_rng(0), draws=30
    )


def test_a_real_signal_beats_the_baselines(report):
    assert report.lost_to == ()
    assert "beats every naive baseline" in report.verdict
    assert report.table.index.tolist() == ["climatology", "persistence", "net score", "scorecard"]
    assert report.table.loc["climatology", "skill"] == 0


def test_noise_loses_and_is_told_so():
    table = made()
    models = {**MODELS, "scorecard": lambda train, test: np.random.default_rng(1).random(len(test))}
    noise = Report.of(
        "noise", backtest(table, models, first="2006-12-31"), np.random.default_rng(0), draws=10
    )
    assert "climatology" in noise.lost_to
    assert "not shown by default" in noise.verdict


def test_worst_misses_are_the_worst(report):
    misses = report.worst_misses(5)
    assert misses["log_loss"].is_monotonic_decreasing
    said = report.predictions["scorecard"].where(
        report.predictions["happened"] > 0, 1 - report.predictions["scorecard"]
    )
    assert misses["log_loss"].iloc[0] == pytest.approx(-np.log(said.min()))


def test_report_html_is_escaped():
    said = backtest(made(), {**MODELS, "<b>x": climatology}, first="2010-12-31")
    html = Report.of("<script>", said, np.random.default_rng(0), draws=5)._repr_html_()
    assert "<script>" not in html
    assert "<b>" not in html


def test_reliability_is_drawn(report):
    import matplotlib

    matplotlib.use("Agg")
    axes = report.plot()
    assert axes.get_xlabel() == "probability said"
    assert report.reliability()["n"].sum() == len(report.predictions)


def test_intervals_of_the_score_table_hold_the_score(report):
    table = report.table
    assert (table["auc_low"] <= table["auc"]).all()
    assert (table["auc"] <= table["auc_high"]).all()


def test_same_seed_same_table():
    said = backtest(made(), MODELS, first="2008-12-31")
    clusters = said.index.get_level_values("target")
    one, two = (
        score_table(said, clusters=clusters, rng=np.random.default_rng(3), draws=10) for _ in range(2)
    )
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize("rho", [1.0, 3.0])
def test_coverage_of_data_made_by_the_model(rho):
    """Ratios drawn from the very law: the interval of 90 % covers 90 %, however few the draws."""
    rng = np.random.default_rng(2)
    size = 4000
    c, d = rng.gamma(2, 3, size), rng.gamma(2, 3, size)
    n = rng.integers(2, 12, size)
    k = rng.binomial(n, rng.beta(0.5 + c / rho, 0.5 + d / rho))
    table = pd.DataFrame({
        "cooperation": c, "conflict": d, "prior": 0.0, "value": (c - d) / (1 + c + d),
        "ratio": 2 * k / n - 1, "n_effective": n * rho,
    })  # fmt: skip
    found = coverage_by_rho(table, Recipe(), rhos=(1.0, 3.0)).set_index("rho")
    for side in ("all", "friendly", "hostile"):
        assert found.loc[rho, side] == pytest.approx(0.9, abs=0.015)


def test_coverage_by_hand():
    """No evidence, one draw: p is uniform at kappa 2, -1 and +1 are even, and 90 % hold nine tenths of either."""
    table = pd.DataFrame(
        {"cooperation": [0.0], "conflict": 0.0, "prior": 0.0, "value": 0.0, "ratio": 1.0, "n_effective": 1.0}
    )
    assert coverage_by_rho(table, Recipe(kappa=2.0), rhos=(1.0,))["all"].iloc[0] == pytest.approx(0.9)


def test_matched_rho_lies_between():
    table = pd.DataFrame({"rho": [1.0, 4.0], "all": [0.85, 0.95]})
    assert matched_rho(table) == pytest.approx(2.0)
    assert np.isnan(matched_rho(table.assign(all=[0.5, 0.6])))


@pytest.fixture(scope="module")
def ledger():
    return open_ledger()


def test_intervals_cover_next_year_on_the_embedded_record(ledger):
    """What is claimed: between 87 and 93 %, friendly and hostile dyads apart, at the recipe's rho, which is matched."""
    table = world.next_year(ledger, range(1999, 2025), world.MIN_EVENTS)
    found = coverage_by_rho(table, ledger.recipe, rhos=(ledger.recipe.rho,)).iloc[0]
    assert matched_rho(coverage_by_rho(table, ledger.recipe)) == pytest.approx(ledger.recipe.rho, abs=1.5)
    assert 0.87 <= found["friendly"] <= 0.93
    assert 0.87 <= found["hostile"] <= 0.93


def test_years_of_events_by_hand(ledger):
    sums = world.event_years(ledger)
    volume = sums["friendly"] + sums["hostile"]
    assert (sums["n"] > 0).all()
    assert (volume**2 >= sums["square"] - 1e-9).all()
    single = sums[np.isclose(volume**2, sums["square"])]
    assert (np.minimum(single["friendly"], single["hostile"]) == 0).all(), "one act has one sign"


def test_net_score_of_the_own_table_is_the_panel(ledger):
    table = own_table(ledger, [2023], ["USA"])
    value = table.loc[("2023-12-31", "USA", "RUS"), "net_score"].item()
    assert value == pytest.approx(Scorer().alignment("USA", "RUS", as_of="2023-12-31").value, abs=1e-9)


def test_britain_is_asked_only_since_its_own_regulations(ledger):
    senders = own_table(ledger, [2019, 2023], ["USA", "GBR"]).index.droplevel("target").unique()
    assert {(f"{day:%Y}", sender) for day, sender in senders} == {
        ("2019", "USA"),
        ("2023", "USA"),
        ("2023", "GBR"),
    }


@pytest.mark.slow
def test_what_is_shown_still_beats_the_baselines(ledger):
    table = own_table(ledger)
    said = own_predictions(table, ceiling=False)
    shown = pd.read_csv(datasets.path("onset", "skill.csv")).query("shown == 'yes'")
    assert {("USA", "any"), ("EU", "any")} <= set(zip(shown["sender"], shown["task"]))
    for row in shown.itertuples():
        report = own_report(table, said, row.sender, row.task, np.random.default_rng(0), draws=10)
        assert report.lost_to == ()
        assert report.table.loc["scorecard", "auc"] == pytest.approx(row.auc, abs=2e-4)
    with pytest.raises(ValueError, match="no past rows of both classes"):
        own_report(table[table["happened"] == 0], said, "USA", "any", np.random.default_rng(0))


@pytest.mark.slow
def test_the_card_says_what_is_missing_and_where_it_fails(tmp_path):
    parts = []
    text = card(None, out=tmp_path / "card.md", echo=parts.append)
    assert (tmp_path / "card.md").read_text(encoding="utf-8") == text == "\n".join(parts)
    assert "not at hand" in text
    assert "not shown by default" in text
    assert "What this does not show" in text


def test_gge_rule_is_reproduced(real_data):
    """Their published dynamic score from their static one: the reader and our stocks stand on the same years."""
    table = gge_years(real_data)
    rows = table[(table["a"] == "CHN") & (table["b"] == "USA")]
    weight = score = 0.0
    for row in rows.itertuples():
        weight = 0.7 * weight + row.n_events
        score = score + row.n_events / weight * (row.score - score) if row.n_events else 0.7 * score
        assert row.score_dynamic == pytest.approx(score, abs=1e-6)


def test_gge_outcomes_by_hand(real_data):
    """The United States began sanctions against China after Tiananmen in 1989, and Canada never before that year."""
    table = gge_table(real_data)
    assert table.loc[("1988-12-31", "USA", "CHN"), "happened"].item() == 1
    assert (table["C_fast"] >= 0).all()
    first = gge_table(real_data, "first")
    assert ("1989-12-31", "USA", "CHN") not in first.index
