"""Choices of the recipe fitted to next year's events: the likelihood against SciPy, the stocks against the panel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import gammaln
from scipy.stats import betabinom

from risk.ledger import open_ledger
from risk.panel import panel
from risk.validation.calibration import (
    PARAMETERS,
    _said,
    _stocks,
    evidence,
    fit,
    held_out_gain,
    log_likelihood,
    profile,
)


@pytest.fixture(scope="module")
def data():
    return evidence(open_ledger(), range(1999, 2025))


def foretold(data, choices, rng):
    """The same evidence with next years drawn from the model itself, 40 equal events each."""
    blank = replace(data, rows=data.rows.assign(n=1.0, friendly=0.5))
    chosen = {**data.default, **choices}
    m0 = chosen["base"] + sum(chosen[name] * data.rows[name] for name in ("votes", "shared_pressure"))
    friendly, hostile = _stocks(blank, chosen)
    p = rng.beta(
        chosen["kappa"] * (1 + m0) / 2 + friendly,
        chosen["kappa"] * (1 - m0) / 2 + hostile,
    )
    return replace(data, rows=data.rows.assign(n=40.0, friendly=rng.binomial(40, p).astype(float)))


def test_the_stocks_are_those_of_the_panel(data):
    ledger = open_ledger()
    cooperation, conflict = _stocks(data, data.default)
    rows = data.rows.query("year == 2015")
    table = panel(ledger, ["2015-12-31"], list(zip(rows["a"], rows["b"]))).reset_index()
    table = rows.reset_index().merge(table, on=["a", "b"])
    np.testing.assert_allclose(table["cooperation"], cooperation[table["index"]], atol=1e-9)
    np.testing.assert_allclose(table["conflict"], conflict[table["index"]], atol=1e-9)
    m0 = 0.2 * table["votes"] + 0.15 * table["shared_pressure"]
    np.testing.assert_allclose(table["prior"], m0, atol=1e-9)


def test_the_likelihood_is_the_beta_binomial_without_its_coefficient(data):
    some = data.between(2015, 2015)
    whole = replace(some, rows=some.rows.assign(n=7.0, friendly=3.0))
    friendly, hostile = _stocks(whole, whole.default)
    m0 = (0.2 * whole.rows["votes"] + 0.15 * whole.rows["shared_pressure"]).to_numpy()
    law = betabinom(7, (1 + m0) / 2 + friendly, (1 - m0) / 2 + hostile)
    coefficient = gammaln(8) - gammaln(4) - gammaln(5)
    np.testing.assert_allclose(log_likelihood(whole, {}), law.logpmf(3) - coefficient, rtol=1e-9)


def test_one_friendly_event_by_hand(data):
    """One event, friendly for certain: its probability is the mean of the beta, alpha / (alpha + beta)."""
    one = replace(data, rows=data.rows.assign(n=1.0, friendly=1.0))
    said = np.exp(log_likelihood(one, {"kappa": 1e5, "base": 0.5, "votes": 0.0, "shared_pressure": 0.0}))
    np.testing.assert_allclose(said, 0.75, atol=1e-3)


def test_what_made_the_data_is_found_again(data):
    true = {"kappa": 3.0, "fast": 200.0, "votes": 0.6}
    made = foretold(data, true, np.random.default_rng(3))
    found = fit(made, ["kappa", "fast", "votes"])
    assert log_likelihood(made, found).sum() >= log_likelihood(made, true).sum(), "the truth is not likelier"
    assert found["kappa"] == pytest.approx(3.0, rel=0.25)
    assert found["votes"] == pytest.approx(0.6, abs=0.08)
    rng = np.random.default_rng(4)
    table = profile(foretold(data, {"kappa": 3.0}, rng), rng, names=["kappa"], draws=200)
    step = (16 / (1 / 16)) ** (1 / 40)  # of the grid
    assert table.loc["kappa", "low"] / step <= 3.0 <= table.loc["kappa", "high"] * step
    assert held_out_gain(made, 2014, rng)["low"] > 0


def test_a_profile_starts_at_the_recipe_and_never_loses_on_its_own_rows(data):
    table = profile(
        data, np.random.default_rng(1), names=["kappa", "fast", "persistence.treaty"], draws=50, n=9
    )
    assert table["gain"].min() >= -1e-3  # the grid need not hold the default itself
    assert table.loc["kappa", "default"] == 1.0
    assert (table["low"] <= table["high"]).all()
    assert table.loc["persistence.treaty", "meaning"].endswith("treaty alone")


def test_a_free_base_is_never_worse_than_none(data):
    fixed = _said(data, {"kappa": 2.0}, free_base=False)
    free = _said(data, {"kappa": 2.0}, free_base=True)
    assert free.sum() >= fixed.sum()
    best = max(
        PARAMETERS["base"].grid(37), key=lambda base: log_likelihood(data, {"kappa": 2.0, "base": base}).sum()
    )
    np.testing.assert_allclose(free, log_likelihood(data, {"kappa": 2.0, "base": best}))


def test_years_between_keep_their_own_entries(data):
    late = data.between(2020, 2024)
    assert late.rows["year"].between(2020, 2024).all()
    chosen = data.rows["year"].between(2020, 2024).to_numpy()
    np.testing.assert_allclose(log_likelihood(late, {}), log_likelihood(data, {})[chosen])


def test_every_default_lies_in_its_range(data):
    for name, parameter in PARAMETERS.items():
        assert parameter.low <= data.default[name] <= parameter.high
