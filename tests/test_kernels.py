"""Each formula: a law, a hand example, a reference figure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from risk import kernels

DAYS = np.array(
    ["2025-05-07", "2025-09-30", "2025-10-07", "2025-10-21", "2025-10-22", "2025-10-27"],
    dtype="datetime64[D]",
).astype(int)
STAGES = 0.8 * np.array([0.40, 0.10, 0.20, 0.05, 0.05, 0.20])
weights = st.lists(st.floats(0.001, 50), min_size=1, max_size=12)


def treaty_alone(day: str) -> float:
    """The one-treaty example of the design: A on a day, single clock, kappa 1, m0 0."""
    age = np.datetime64(day, "D").astype(int) - DAYS
    return float(kernels.net_ratio((STAGES * kernels.decay(age, 730.5)).sum(), 0.0, 1.0, 0.0))


@pytest.mark.parametrize(
    ("day", "value"),
    [("2025-09-29", 0.2181), ("2025-10-08", 0.3403), ("2025-10-28", 0.4271), ("2026-10-28", 0.3452)],
)
def test_the_treaty_alone_gives_the_reference_figures(day, value):
    assert treaty_alone(day) == pytest.approx(value, abs=5e-5)


def test_decay_halves_and_never_looks_ahead():
    assert kernels.decay([0, 30, 60, -1], 30).tolist() == [1.0, 0.5, 0.25, 0.0]
    assert kernels.decay(10_000, np.inf) == 1.0


@given(st.floats(0, 20_000), st.floats(0, 20_000), st.floats(0, 1))
def test_memory_of_an_act_fades_and_stays_between_0_and_1(early, later, persistence):
    early, later = sorted((early, later))
    old, new = kernels.memory([later, early], persistence, 365.25, 3652.5)
    assert 0 <= old <= new <= 1


@given(st.floats(0, 9_000), st.floats(0, 9_000), st.floats(0, 1), st.floats(0, 1))
def test_a_state_of_affairs_has_no_jump_at_its_end(age, since, persistence, standing):
    at_end = kernels.standing_memory(age, -1, persistence, standing, 365.25, 3652.5)
    ended = kernels.standing_memory(age, 0, persistence, standing, 365.25, 3652.5)
    later = kernels.standing_memory(age + since, since, persistence, standing, 365.25, 3652.5)
    assert ended == pytest.approx(at_end, abs=1e-12)
    assert later <= ended + 1e-12


def test_a_lifted_measure_decays_from_its_end():
    assert kernels.standing_memory(1000, 365.25, 0.0, 1.0, 365.25, 3652.5) == pytest.approx(1 / 2)


def test_an_old_pact_keeps_its_standing_share():
    assert kernels.standing_memory(3652.5 * 40, -1, 0.9, 0.25, 365.25, 3652.5) == pytest.approx(0.25)


@given(weights, weights, st.floats(0.01, 5), st.floats(-0.9, 0.9), st.floats(0.01, 3))
def test_net_ratio_is_bounded_and_strictly_monotone(friendly, hostile, kappa, prior, more):
    c, d = sum(friendly), sum(hostile)
    value = kernels.net_ratio(c, d, kappa, prior)
    assert -1 < value < 1
    assert kernels.net_ratio(c + more, d, kappa, prior) > value
    assert kernels.net_ratio(c, d + more, kappa, prior) < value


def test_net_ratio_without_events_is_the_prior():
    assert kernels.net_ratio(0.0, 0.0, 2.0, 0.3) == pytest.approx(0.3)


@given(weights, st.floats(0.01, 5), st.floats(-0.9, 0.9))
def test_leave_one_out_is_what_leaving_one_out_does(weight, kappa, prior):
    weight, sign = np.array(weight), np.where(np.arange(len(weight)) % 3 == 0, -1.0, 1.0)
    c, d = weight[sign > 0].sum(), weight[sign < 0].sum()
    value, total = kernels.net_ratio(c, d, kappa, prior), kappa + c + d
    without = kernels.net_ratio(c - weight[0] * (sign[0] > 0), d - weight[0] * (sign[0] < 0), kappa, prior)
    effect = kernels.leave_one_out(weight, sign, value, total)[0]
    assert effect == pytest.approx(value - without, abs=1e-9)


@given(weights, st.floats(0.05, 5), st.floats(-0.9, 0.9))
def test_aumann_shapley_adds_up_and_equals_the_path_integral(weight, kappa, prior):
    weight, sign = np.array(weight), np.where(np.arange(len(weight)) % 2 == 0, 1.0, -1.0)
    phi = kernels.aumann_shapley(weight, sign, kappa, prior)
    volume, net = weight.sum(), (weight * sign).sum()
    assert prior + phi.sum() == pytest.approx((kappa * prior + net) / (kappa + volume), abs=1e-12)

    def slope(t):
        total = kappa + t * volume
        return weight[0] * (sign[0] * total - (kappa * prior + t * net)) / total**2

    assert phi[0] == pytest.approx(quad(slope, 0, 1, epsabs=1e-12)[0], abs=1e-8)


@given(st.floats(1e-12, 2e-3), st.floats(-0.9, 0.9))
def test_aumann_shapley_of_almost_nothing_is_its_limit(tiny, prior):
    phi = kernels.aumann_shapley([tiny], [1.0], 1.0, prior)[0]
    assert phi == pytest.approx(tiny * (1 - prior) / (1 + tiny), rel=1e-9)


@given(weights, weights, st.floats(-0.9, 0.9), st.floats(-1.5, 1.5))
def test_the_weight_needed_moves_the_score_by_what_was_asked(friendly, hostile, prior, delta):
    c, d = sum(friendly), sum(hostile)
    value, total = float(kernels.net_ratio(c, d, 1.0, prior)), 1 + c + d
    if not -0.999 < value + delta < 0.999:
        if not -1 < value + delta < 1:
            with pytest.raises(ValueError, match="stays inside"):
                kernels.weight_needed(value, total, delta)
        return
    weight = kernels.weight_needed(value, total, delta)
    moved = kernels.net_ratio(c + weight * (delta > 0), d + weight * (delta <= 0), 1.0, prior)
    assert weight >= 0
    assert moved - value == pytest.approx(delta, abs=1e-9)


def test_merged_confidence_of_two_halves():
    assert kernels.merged_confidence([0.5, 0.5]) == 0.75
    assert kernels.merged_confidence([0.9]) == pytest.approx(0.9)


def test_severity_of_two_halves_and_its_shares():
    assert kernels.noisy_or([0.5, 0.5]) == 0.75
    assert kernels.log_shares([0.5, 0.5]).tolist() == [0.375, 0.375]
    assert kernels.log_shares([0.0]).tolist() == [0.0]


@given(st.lists(st.floats(0, 0.95), min_size=1, max_size=8))
def test_log_shares_add_up_to_the_joint_severity(severity):
    assert kernels.log_shares(severity).sum() == pytest.approx(float(kernels.noisy_or(severity)), abs=1e-12)


@given(st.integers(2, 6), st.floats(0, 0.9), st.integers(0, 10_000))
def test_partner_exposure_is_the_sum_of_its_paths(n, g, seed):
    rng = np.random.default_rng(seed)
    ties = rng.random((n, n)) * (1 - np.eye(n))
    ties /= np.maximum(ties.sum(axis=1, keepdims=True), 1)
    severity = rng.random(n)
    exact = kernels.partner_exposure(ties, severity, g)
    reach, by_path, power = severity.copy(), np.zeros(n), 1.0
    for _ in range(12):
        reach = ties @ reach
        by_path += (1 - g) * power * reach
        power *= g
    assert np.all(np.abs(exact - by_path) <= g**12 + 1e-12)


def test_partner_exposure_without_pass_through_is_one_hop():
    ties = np.array([[0.0, 0.5, 0.2], [0.9, 0.0, 0.1], [0.0, 1.0, 0.0]])
    assert kernels.partner_exposure(ties, [0.0, 0.8, 0.5], 0.0).tolist() == pytest.approx([0.5, 0.05, 0.8])


def test_own_sanctions_do_not_echo_back():
    ties = np.array([[0.0, 1.0], [1.0, 0.0]])
    assert kernels.partner_exposure(ties, [0.9, 0.0], 0.5, removed=0)[0] == 0.0
    assert kernels.partner_exposure(ties, [0.9, 0.0], 0.5)[0] > 0.0


def test_the_reference_interval():
    from risk.alignment import evidence_interval

    age = np.datetime64("2025-10-28", "D").astype(int) - DAYS
    cooperation = (STAGES * kernels.decay(age, 730.5)).sum()
    low, high = evidence_interval(cooperation, 0.0, kappa=1.0, prior=0.0, rho=1.0)
    assert low == pytest.approx(-0.68, abs=0.005)
    assert high == pytest.approx(0.996, abs=0.0005)


@given(st.floats(3, 30), st.floats(3, 30), st.floats(1, 3))
def test_a_larger_rho_widens_the_interval(c, d, rho):
    from risk.alignment import evidence_interval

    low, high = evidence_interval(c, d, 1.0, 0.0, 1.0)
    wide_low, wide_high = evidence_interval(c, d, 1.0, 0.0, rho)
    assert wide_high - wide_low >= high - low - 1e-9


@given(st.floats(-2, 2), st.floats(0, 2), st.floats(-0.9, 0.9), st.floats(0.5, 9))
def test_change_shares_are_linear(signed, absolute, value, total):
    one = kernels.change_shares(signed, absolute, value, total)
    assert kernels.change_shares(2 * signed, 2 * absolute, value, total) == pytest.approx(2 * one)
