"""Ideal points: the smoother against algebra, the bound, recovered truth, anchors, gaps, bridges, held-out votes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError

from risk.votes import IdealPoints, VoteError
from risk.votes.card import DESIGNS, coverage
from risk.votes.ordinal import Cells, expect, vote_probabilities
from risk.votes.simulate import simulate
from risk.votes.walk import Walk


@pytest.fixture(scope="module")
def drawn():
    return simulate(40, 8, 40, rng=np.random.default_rng(11), bridged=0.2)


@pytest.fixture(scope="module")
def fitted(drawn):
    return IdealPoints(drawn.anchors).fit(drawn.votes, drawn.roll_calls)


VOTED = np.array([[1, 1, 1, 1], [0, 1, 0, 1], [1, 1, 0, 0]], dtype=bool)
WALK = Walk(VOTED, np.array([0.0, 1, 2, 1]))


def dense_prior(row: int, drift: float) -> tuple[np.ndarray, np.ndarray]:
    """Precision of one state's path, written out, and the periods it covers."""
    alive = np.flatnonzero(VOTED[row])
    at = np.arange(alive[0], alive[-1] + 1)
    precision = np.diag(VOTED[row, at].astype(float))
    for k, t in enumerate(at[1:], start=1):
        step = 1 / (drift * WALK.gap[t])
        precision[k - 1 : k + 1, k - 1 : k + 1] += step * np.array([[1, -1], [-1, 1]])
    return precision, at


def test_smoother_is_the_inverse_of_the_whole_matrix():
    rng = np.random.default_rng(0)
    weight, signal = rng.uniform(1, 5, VOTED.shape) * VOTED, rng.normal(size=VOTED.shape) * VOTED
    found = WALK.smooth(weight, signal, drift=0.3)
    entropy = log_prior = 0.0
    for row in range(3):
        prior, at = dense_prior(row, 0.3)
        covariance = np.linalg.inv(prior + np.diag(weight[row, at]))
        mean = covariance @ signal[row, at]
        np.testing.assert_allclose(found.mean[row, at], mean)
        np.testing.assert_allclose(found.variance[row, at], np.diag(covariance))
        size = at.size
        entropy += 0.5 * (size * np.log(2 * np.pi * np.e) + np.linalg.slogdet(covariance)[1])
        square = np.trace(prior @ (covariance + np.outer(mean, mean)))
        log_prior += 0.5 * (np.linalg.slogdet(prior)[1] - square - size * np.log(2 * np.pi))
    assert found.entropy == pytest.approx(entropy)
    assert WALK.log_prior(found, 0.3) == pytest.approx(log_prior)
    assert (found.variance[~WALK.alive] == 0).all()


def test_smoother_looks_both_ways():
    signal = np.zeros(VOTED.shape)
    signal[0, 3] = 5.0
    found = WALK.smooth(np.where(VOTED, 1.0, 0), signal, drift=0.3)
    assert (np.diff(found.mean[0]) > 0).all()
    assert found.mean[0, 0] > 0


@pytest.mark.parametrize("vote", [1, 2, 3])
def test_slopes_and_curvatures_are_finite_differences(vote):
    cells = Cells(np.array([vote]), np.array([0]), np.array([0]), 1, 1)
    items = np.array([[1.3, -0.4, 0.7]])
    mean, spread, h = np.array([0.5]), np.array([0.2]), 1e-4

    def value(item_step=(0, 0, 0), step=0.0) -> float:
        return expect(cells, items + np.array([item_step]) * h, mean + step * h, spread, want="total").total

    by_cell = expect(cells, items, mean, spread, want="cells").by_cell[0]
    assert by_cell[0] == pytest.approx((value(step=1) - value(step=-1)) / (2 * h), abs=1e-6)
    assert by_cell[1] == pytest.approx(-(value(step=1) - 2 * value() + value(step=-1)) / h**2, abs=1e-4)
    by_item = expect(cells, items, mean, spread, want="items").by_item[0]
    units = np.eye(3)
    for k in range(3):
        assert by_item[1 + k] == pytest.approx((value(units[k]) - value(-units[k])) / (2 * h), abs=1e-6)
    for column, (k, m) in enumerate([(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)], start=4):
        up, down = value(units[k] + units[m]) - value(units[k] - units[m]), value(units[m] - units[k])
        mixed = -(up - down + value(-units[k] - units[m])) / (4 * h**2)
        assert by_item[column] == pytest.approx(mixed, abs=1e-4)


def test_probabilities_are_averages_over_the_position():
    items, mean, variance = np.array([[1.5, -0.3, 0.4]]), np.array([0.2]), np.array([0.25])
    theta = np.random.default_rng(0).normal(0.2, 0.5, 400_000)
    yes, no = ndtr(-0.3 - 1.5 * theta).mean(), ndtr(1.5 * theta - 0.4).mean()
    np.testing.assert_allclose(
        vote_probabilities(items, mean, variance)[0], [yes, 1 - yes - no, no], atol=2e-3
    )


def test_the_bound_never_falls_and_is_reported(fitted):
    gains = np.diff(fitted.bounds_)
    assert (gains >= -1e-9 * np.abs(fitted.bounds_[0])).all()
    assert fitted.converged_
    assert len(fitted.bounds_) == fitted.n_iter_ + 1


def test_truth_is_recovered(drawn, fitted):
    both = fitted.positions_.merge(drawn.truth, on=["state", "period"], suffixes=("", "_true"))
    assert len(both) == len(drawn.truth) == len(fitted.positions_)
    assert np.corrcoef(both["position"], both["position_true"])[0, 1] > 0.95
    assert (both["se"] > 0).all()


def test_anchors_give_sign_and_scale(drawn, fitted):
    mean = fitted.positions_.groupby("state")["position"].mean()
    for state, sign in drawn.anchors.items():
        assert mean[state] == pytest.approx(sign)
    turned = IdealPoints({state: -sign for state, sign in drawn.anchors.items()}).fit(
        drawn.votes, drawn.roll_calls
    )
    np.testing.assert_allclose(turned.positions_["position"], -fitted.positions_["position"], atol=1e-9)
    np.testing.assert_allclose(turned.positions_["se"], fitted.positions_["se"], atol=1e-9)


def test_results_do_not_depend_on_threads_or_order(drawn, fitted):
    one = IdealPoints(drawn.anchors, n_jobs=1).fit(
        drawn.votes.sample(frac=1, random_state=0), drawn.roll_calls
    )
    pd.testing.assert_frame_equal(one.positions_, fitted.positions_, check_exact=True)


def test_standard_errors_are_the_inverse_of_the_whole_information(drawn):
    """The block recursions and Woodbury against one dense matrix of all states and roll calls."""
    from risk.votes import information
    from risk.votes.ascent import Ascent
    from risk.votes.items import bend_of_prior, bend_of_votes
    from risk.votes.layout import Layout, agreement_start
    from risk.votes.ordinal import cross_information
    from risk.votes.table import check_votes

    keep = drawn.votes["state"].isin([f"S{k:03d}" for k in range(8)]) & (drawn.votes["rcid"] < 160)
    layout = Layout.of(check_votes(drawn.votes[keep], drawn.roll_calls), drawn.roll_calls)
    cells, walk, rows = layout.cells, layout.walk, (np.array([0]), np.array([1]))
    ascent = Ascent(cells, walk, map, 0.25)
    fit, _, _ = ascent.climb(ascent.start(agreement_start(layout, *rows)), 1e-6, 50, lambda now: None)
    scale = information.Scale.of(walk, fit.paths, *rows)
    found = information.standard_errors(cells, walk, fit, scale, map)

    diagonal, link = walk.precision(fit.drift)
    n, n_periods = cells.n_cells, walk.voted.shape[1]
    whole = np.zeros((n + 3 * cells.n_items,) * 2)
    whole[:n, :n] = np.diag(np.where(walk.alive, diagonal, 1).ravel() + fit.sums.by_cell[:, 1])
    for row, t in zip(*np.nonzero(link)):
        at = row * n_periods + t
        whole[at, at - 1] = whole[at - 1, at] = -link[row, t]
    sums = expect(cells, fit.items, fit.mean, fit.spread, want="items")
    for item, block in enumerate(bend_of_votes(sums) + bend_of_prior(fit.items)):
        place = slice(n + 3 * item, n + 3 * item + 3)
        whole[place, place] = block
    for cell, item, tie in zip(
        cells.cell, cells.item, cross_information(cells, fit.items, fit.mean, fit.spread)
    ):
        whole[cell, n + 3 * item : n + 3 * item + 3] += tie
        whole[n + 3 * item : n + 3 * item + 3, cell] += tie
    covariance = np.linalg.inv(whole)[:n, :n]
    place = scale.place(fit.mean)
    gradient = (np.eye(n) - scale.to_centre.ravel() - place[:, None] * scale.to_half.ravel()) / scale.half
    expected = np.sqrt(np.einsum("ij,jk,ik->i", gradient, covariance, gradient)).reshape(walk.voted.shape)
    np.testing.assert_allclose(found[walk.voted], expected[walk.voted], rtol=1e-6)


@pytest.mark.slow
def test_intervals_cover_the_truth():
    share, _ = coverage(
        4, DESIGNS["like the UN: 150 states, 12 sessions, 90 roll calls"], np.random.default_rng(3)
    )
    assert 0.87 <= share <= 0.93


def test_a_state_has_a_row_for_each_period_it_voted_in(drawn, fitted):
    voted = drawn.votes.assign(period=drawn.votes["rcid"].map(drawn.roll_calls.set_index("rcid")["session"]))
    counts = voted.groupby(["state", "period"]).size()
    found = fitted.positions_.set_index(["state", "period"])["n_votes"]
    pd.testing.assert_series_equal(found, counts.rename("n_votes"))


def test_a_gap_is_bridged_by_the_walk_and_not_reported():
    drawn = simulate(30, 7, 40, rng=np.random.default_rng(5), present=1.0)
    session = drawn.votes["rcid"].map(drawn.roll_calls.set_index("rcid")["session"])
    away = (drawn.votes["state"] == "S001") & session.isin([4, 5])
    full = IdealPoints(drawn.anchors).fit(drawn.votes, drawn.roll_calls)
    model = IdealPoints(drawn.anchors).fit(drawn.votes[~away], drawn.roll_calls)
    assert model.positions_.query("state == 'S001'")["period"].tolist() == [1, 2, 3, 6, 7]
    assert np.isnan(model.distance("S000", "S001", 4))
    asked = pd.DataFrame({"rcid": drawn.roll_calls.query("session == 4")["rcid"], "state": "S001"})
    guess, seen = model.predict_proba(asked), full.predict_proba(asked)
    assert not np.isnan(guess).any()
    cast = drawn.votes[away & (session == 4)].set_index("rcid")["vote"].loc[asked["rcid"]].to_numpy() - 1
    loss = [-np.log(p[np.arange(cast.size), cast]).mean() for p in (seen, guess)]
    assert loss[0] < loss[1]  # one who has seen the votes knows more
    before = pd.DataFrame({"rcid": [0], "state": ["nobody"]})
    assert np.isnan(model.predict_proba(before)).all()


def test_few_votes_make_a_wide_interval(drawn):
    session = drawn.votes["rcid"].map(drawn.roll_calls.set_index("rcid")["session"])
    own = drawn.votes.index[(drawn.votes["state"] == "S001") & (session == 4)]
    se = IdealPoints(drawn.anchors).fit(drawn.votes.drop(own[2:]), drawn.roll_calls).positions_
    se = se[se["period"] == 4].set_index("state")["se"]
    assert se["S001"] == se.max()


def test_bridged_roll_calls_share_their_parameters(drawn, fitted):
    table = fitted.roll_calls_
    shared = table[table.duplicated("bridge", keep=False)]
    assert len(shared)
    assert (shared.groupby("bridge")[["discrimination", "cut_yes", "cut_no"]].nunique() == 1).all(axis=None)
    assert (table["cut_no"] > table["cut_yes"]).all()
    assert (table["n_votes"] == drawn.votes.groupby("rcid").size().to_numpy()).all()


def test_roll_calls_and_positions_are_on_one_axis(drawn, fitted):
    cell = drawn.votes.iloc[[7]]
    item = fitted.roll_calls_.set_index("rcid").loc[cell["rcid"].iloc[0]]
    at = fitted.positions_.set_index(["state", "period"])["position"][cell["state"].iloc[0], item["period"]]
    yes = ndtr(item["cut_yes"] - item["discrimination"] * at)
    assert fitted.predict_proba(cell)[0, 0] == pytest.approx(yes, abs=0.05)


def test_held_out_votes_are_predicted_better_than_by_base_rates(drawn):
    out = np.random.default_rng(2).random(len(drawn.votes)) < 0.1
    train, test = drawn.votes[~out], drawn.votes[out]
    predicted = IdealPoints(drawn.anchors).fit(train, drawn.roll_calls).predict_proba(test)
    np.testing.assert_allclose(predicted.sum(axis=1), 1)
    cast = test["vote"].to_numpy() - 1
    shares = np.bincount(train["vote"] - 1) / len(train)
    ours = -np.log(predicted[np.arange(len(test)), cast]).mean()
    assert ours < -np.log(shares[cast]).mean() - 0.05


def test_estimating_the_innovation_raises_the_bound(drawn, fitted):
    free = IdealPoints(drawn.anchors, innovation="estimate").fit(drawn.votes, drawn.roll_calls)
    assert (np.diff(free.bounds_) >= -1e-9 * np.abs(free.bounds_[0])).all()
    assert free.bounds_[-1] > fitted.bounds_[-1]
    assert free.innovation_ > 0


def test_warm_start_reaches_the_same_place(drawn, fitted):
    model = IdealPoints(drawn.anchors, warm_start=True, tol=1e-8)
    early = drawn.roll_calls[drawn.roll_calls["session"] < 8]
    model.fit(drawn.votes[drawn.votes["rcid"].isin(early["rcid"])], early)
    model.fit(drawn.votes, drawn.roll_calls)
    cold = IdealPoints(drawn.anchors, tol=1e-8).fit(drawn.votes, drawn.roll_calls)
    np.testing.assert_allclose(model.positions_["position"], cold.positions_["position"], atol=2e-3)


def test_the_parts_of_scikit_learns_contract_that_hold():
    model = IdealPoints({"A": 1, "B": -1}, tol=1e-5)
    assert model.get_params()["tol"] == 1e-5
    copy = clone(model).set_params(max_iter=7)
    assert (copy.max_iter, copy.tol, model.max_iter) == (7, 1e-5, 300)
    assert copy.anchors == model.anchors
    assert set(vars(IdealPoints())) == set(IdealPoints().get_params())
    with pytest.raises(NotFittedError):
        model.predict_proba(pd.DataFrame({"rcid": [1], "state": ["A"]}))
    assert not hasattr(model, "score")


def test_fit_returns_itself_and_changes_nothing_given(drawn):
    before = drawn.votes.copy(), drawn.roll_calls.copy()
    model = IdealPoints(drawn.anchors, tol=1e-3)
    assert model.fit(drawn.votes, drawn.roll_calls) is model
    pd.testing.assert_frame_equal(drawn.votes, before[0])
    pd.testing.assert_frame_equal(drawn.roll_calls, before[1])


@pytest.mark.parametrize(
    "anchors, text",
    [({"S000": 1, "Atlantis": -1}, "Atlantis cast no vote"), ({"S000": 1, "S001": 1}, r"must give \+1")],
)
def test_bad_anchors_are_refused(drawn, anchors, text):
    with pytest.raises(VoteError, match=text):
        IdealPoints(anchors).fit(drawn.votes, drawn.roll_calls)


TWO_SIDES = [(1, 1, 3), (2, 3, 1), (3, 2, 1)]


def small(patterns=TWO_SIDES, n: int = 12) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = [(j, state, vote) for j in range(n) for state, vote in zip("ABC", patterns[j % len(patterns)])]
    roll_calls = pd.DataFrame({"rcid": range(n), "session": [1 + 2 * j // n for j in range(n)]})
    return pd.DataFrame(rows, columns=["rcid", "state", "vote"]), roll_calls


@pytest.mark.parametrize("patterns", [[(1, 1, 1)], [(2, 2, 2)], [(1, 1, 3), (3, 3, 1)]])
def test_anchors_that_vote_as_one_give_no_scale(patterns):
    with pytest.raises(VoteError, match="stood at one place"):
        IdealPoints({"A": 1, "B": -1}).fit(*small(patterns))


@pytest.mark.parametrize(
    "sessions", [["ES-10", "75"], [1.0, np.inf], list(pd.to_datetime(["2001-01-01", "2002-01-01"]))]
)
def test_periods_are_numbers(sessions):
    votes, roll_calls = small()
    with pytest.raises(VoteError, match="are not all numbers"):
        IdealPoints({"A": 1, "C": -1}).fit(votes, roll_calls.assign(session=sessions * 6))


def test_numbers_kept_as_objects_are_numbers():
    votes, roll_calls = small()
    plain, kept = (
        IdealPoints({"A": 1, "C": -1}).fit(votes, table).positions_
        for table in (roll_calls, roll_calls.astype({"session": object}))
    )
    np.testing.assert_array_equal(plain["position"], kept["position"])


def test_a_roll_call_without_a_bridge_stands_alone(drawn, fitted):
    again = drawn.roll_calls["bridge"].where(drawn.roll_calls.duplicated("bridge", keep=False))
    assert 0 < again.notna().sum() < len(again)
    found = IdealPoints(drawn.anchors).fit(drawn.votes, drawn.roll_calls.assign(bridge=again))
    pd.testing.assert_frame_equal(found.positions_, fitted.positions_)
    assert (found.roll_calls_["bridge"] == fitted.roll_calls_["bridge"]).all()


def test_a_fit_cut_short_says_so(drawn):
    model = IdealPoints(drawn.anchors, max_iter=2)
    with pytest.warns(ConvergenceWarning, match="not reached in 2 rounds"):
        model.fit(drawn.votes, drawn.roll_calls)
    assert not model.converged_


@pytest.mark.parametrize(
    "option", [{"tol": -1}, {"max_iter": 0}, {"n_jobs": 0}, {"innovation": float("nan")}]
)
def test_options_of_a_fit_have_a_meaning(option):
    with pytest.raises(ValueError, match=next(iter(option))):
        IdealPoints({"A": 1, "C": -1}, **option).fit(*small())


@pytest.mark.parametrize(("innovation", "bridged"), [(0.08, 0.0), (0.1, 0.3), (0.6, 0.0)])
def test_the_bound_never_falls_in_other_assemblies(innovation, bridged):
    for seed in range(2):
        rng = np.random.default_rng(seed)
        drawn = simulate(25, 6, 20, rng=rng, innovation=innovation, bridged=bridged)
        for asked in (0.25, "estimate"):
            model = IdealPoints(drawn.anchors, innovation=asked, tol=1e-7, max_iter=1000)
            bounds = model.fit(drawn.votes, drawn.roll_calls).bounds_
            assert model.converged_
            assert (np.diff(bounds) >= -1e-9 * abs(bounds[0])).all()


def test_questions_outside_the_fit_are_refused(drawn, fitted):
    with pytest.raises(VoteError, match="was not in the fit"):
        fitted.predict_proba(pd.DataFrame({"rcid": [99999], "state": ["S000"]}))
    with pytest.raises(VoteError, match="no column state"):
        fitted.predict_proba(pd.DataFrame({"rcid": [1]}))
    with pytest.raises(VoteError, match="period: 99"):
        fitted.distance("S000", "S001", 99)
    with pytest.raises(ValueError, match="innovation"):
        IdealPoints(drawn.anchors, innovation=-1).fit(drawn.votes, drawn.roll_calls)
    assert fitted.distance("S000", "S001", 3) == fitted.distance("S001", "S000", 3) > 0
