"""Sensitivity: Sobol indices of a known function, exact pivots, closed forms against scoring anew."""

from __future__ import annotations

import numpy as np
import pytest

import risk
from risk.sensitivity import (
    Choices,
    coding_error,
    pivots,
    rank_intervals,
    sobol,
    sobol_of_score,
    swap_probability,
    tornado,
)

AS_OF = "2025-10-15"


@pytest.fixture(scope="module")
def scorer() -> risk.Scorer:
    return risk.Scorer()


def test_sobol_indices_of_the_ishigami_function():
    pytest.importorskip("SALib", reason="needs the extra `sensitivity`")

    def ishigami(x):
        return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    bounds = dict.fromkeys(("x1", "x2", "x3"), (-np.pi, np.pi))
    table = sobol(ishigami, bounds, rng=np.random.default_rng(7), n=8192).set_index("input")
    assert table["first"].to_numpy() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert table["total"].to_numpy() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)


def test_a_tornado_bar_is_what_another_recipe_scores(scorer):
    table = tornado(scorer, "VEN", "USA", as_of=AS_OF, change=0.2).set_index("parameter")
    larger = scorer.under(scorer.recipe.replace(kappa=1.2)).alignment("VEN", "USA", as_of=AS_OF).value
    assert table.loc["kappa", "high"] == pytest.approx(larger, abs=1e-12)
    gradient = scorer.alignment("VEN", "USA", as_of=AS_OF).gradients().set_index("parameter")["gradient"]
    small = tornado(scorer, "VEN", "USA", as_of=AS_OF, change=1e-6).set_index("parameter")
    for kind in ("force.strike", "sanction.measure"):
        assert (small.loc[kind, "high"] - small.loc[kind, "low"]) / 2e-6 == pytest.approx(
            gradient[kind], abs=1e-6
        )


def test_pivots_do_what_they_say_and_one_fewer_does_not(scorer):
    score = scorer.alignment("USA", "IND", as_of=AS_OF)
    table = pivots(scorer, "USA", "IND", as_of=AS_OF, move=0.1).set_index("goal")
    for goal, way in (("lower by 0.1", -1), ("raise by 0.1", 1)):
        ids = table.loc[goal, "events"].split("; ")
        assert len(ids) == table.loc[goal, "n"]
        result = scorer.what_if("USA", "IND", as_of=AS_OF, drop=ids)
        assert result.total * way >= 0.1 - 1e-9
        assert result.result.value == pytest.approx(table.loc[goal, "result"], abs=1e-9)
        fewer = scorer.what_if("USA", "IND", as_of=AS_OF, drop=ids[:-1]) if len(ids) > 1 else None
        assert fewer is None or fewer.total * way < 0.1
    assert score.value == scorer.alignment("USA", "IND", as_of=AS_OF).value


def test_no_removal_raises_a_score_without_hostile_events(scorer):
    table = pivots(scorer, "VEN", "BLR", as_of=AS_OF).set_index("goal")
    assert np.isnan(table.loc["raise by 0.1", "n"])


def test_coding_error_without_error_only_resamples(scorer):
    rng = np.random.default_rng(3)
    clean = coding_error(scorer, "VEN", "RUS", as_of=AS_OF, rng=rng, flip=0.0)
    dirty = coding_error(scorer, "VEN", "RUS", as_of=AS_OF, rng=rng, flip=0.2)
    assert clean["low"] <= clean["value"] <= clean["high"]
    assert dirty["mean"] < clean["mean"]
    assert clean["share_opposite"] == 0.0


def test_indices_of_a_score_are_shares(scorer):
    pytest.importorskip("SALib", reason="needs the extra `sensitivity`")
    table = sobol_of_score(scorer, "VEN", "USA", as_of=AS_OF, rng=np.random.default_rng(5), n=64)
    assert (table["total"] > -0.05).all()
    assert table["total"].sum() > 0.5
    assert "weight of sanction" in set(table["input"])


def test_rank_intervals_hold_the_rank_and_swaps_are_likelier_between_neighbours(scorer):
    table = rank_intervals(scorer, as_of=AS_OF, partner="VEN", rng=np.random.default_rng(2), draws=60)
    assert (table["rank_low"] <= table["rank_high"]).all()
    assert table["rank_low"].iloc[0] == 1
    near = swap_probability(
        scorer, ("VEN", "RUS"), ("VEN", "CHN"), as_of=AS_OF, rng=np.random.default_rng(2), draws=80
    )
    far = swap_probability(
        scorer, ("VEN", "RUS"), ("VEN", "USA"), as_of=AS_OF, rng=np.random.default_rng(2), draws=80
    )
    assert 0 <= far <= near <= 1
    assert far == 0.0


def test_a_point_range_of_choices_gives_the_recipe_back(scorer):
    fixed = Choices(
        kappa=(1, 1 + 1e-12),
        fast=(365.25, 365.25 + 1e-9),
        slow=(3652.5, 3652.5 + 1e-9),
        weight=(1, 1 + 1e-12),
        prior=(1, 1 + 1e-12),
    )
    from risk.sensitivity.choices import Dyads

    pairs = [("VEN", "USA"), ("VEN", "RUS"), ("RUS", "BLR")]
    ready = Dyads(scorer, pairs, 20376)
    draw = np.array([np.log2(fixed.kappa[0]), np.log2(365.25), np.log2(3652.5), 1.0, 0.0, *np.zeros(11)])
    for value, (a, b) in zip(ready.values(draw), pairs, strict=True):
        assert value == pytest.approx(scorer.alignment(a, b, as_of=AS_OF).value, abs=1e-12)


def test_ranks_of_all_dyads_at_once(scorer):
    table = rank_intervals(scorer, as_of=AS_OF, rng=np.random.default_rng(2), draws=40)
    assert len(table) > 100
    assert table["rank"].between(table["rank_low"], table["rank_high"]).mean() > 0.9
