"""Similarity of votes: reference figures, hand examples, laws, a slow twin, bad tables."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from risk.votes import (
    VoteError,
    abc,
    agreement,
    bridge_by_title,
    final_votes,
    kappa,
    pair,
    pi,
    s_score,
    select_roll_calls,
    tau_b,
    voting_coincidence,
)

# Signorino & Ritter (1999), table 6: alliances of 1914, in the order
# GMY RUS UKG FRN AUH ITA BEL SPN TUR NTH SWD RUM POR SWZ GRC DEN YUG BUL NOR ALB.
GMY = [3, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0]
RUS = [0, 3, 1, 3, 0, 1] + [0] * 14
CAPABILITY = [0.25, 0.21, 0.20, 0.08, 0.08, 0.05, 0.03, 0.03, 0.02] + [0.01] * 5 + [0] * 6
ALLIANCE = {"levels": (0, 3)}
MEASURES = {"agreement": agreement, "s_score": s_score, "kappa": kappa, "pi": pi, "tau_b": tau_b, "abc": abc}


@pytest.mark.parametrize(
    "value, expected",
    [
        (pair.s_score(GMY, RUS, **ALLIANCE), 0.4),
        (pair.s_score(GMY, RUS, item_weights=CAPABILITY, **ALLIANCE), -0.46),
        (pair.kappa(GMY, RUS, weights="quadratic", **ALLIANCE), -0.0775862),
        (pair.pi(GMY, RUS, weights="nominal", **ALLIANCE), -0.0447761),
        (pair.tau_b(GMY, RUS), 0.0303170),
        (pair.abc(GMY, RUS, **ALLIANCE), -0.04),
    ],
)
def test_reference_figures_of_1914(value, expected):
    assert value == pytest.approx(expected, abs=5e-8)


def test_squared_s_of_1914_is_the_arithmetic():
    apart = sum((x - y) ** 2 / 9 for x, y in zip(GMY, RUS))
    assert pair.s_score(GMY, RUS, form="squared", **ALLIANCE) == pytest.approx(1 - 2 * apart / 20)


def test_the_range_is_stated_never_inferred():
    assert pair.s_score([1, 2], [2, 1], levels=(1, 3)) == pytest.approx(0)
    assert pair.s_score([1, 2], [2, 1], levels=(1, 2)) == pytest.approx(-1)
    with pytest.raises(ValueError, match=r"outside \(1, 3\)"):
        pair.s_score([1, 4], [2, 1], levels=(1, 3))


vectors = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=2, max_size=30)


@given(vectors)
def test_laws_of_a_pair(ratings):
    x, y = map(np.array, zip(*ratings))
    for name in ("s_score", "kappa", "pi", "tau_b", "abc"):
        measure = getattr(pair, name)
        here = measure(x, y, levels=(1, 3))
        np.testing.assert_allclose(here, measure(y, x, levels=(1, 3)), atol=1e-12)  # symmetric
        np.testing.assert_allclose(
            here, measure(4 - x, 4 - y, levels=(1, 3)), atol=1e-12
        )  # yes and no trade names
        np.testing.assert_allclose(
            here, measure(x, y, levels=(1, 3), item_weights=np.full(x.size, 3.0)), atol=1e-12
        )
        assert np.isnan(here) or -2 <= here <= 1 + 1e-12
    assert pair.s_score(x, x, levels=(1, 3)) == pytest.approx(1)


def test_a_rater_that_never_varies_has_no_rank_correlation_whatever_the_weights():
    weights = [0.9404, 0.3929, 0.6283, 0.1755, 0.5212, 0.2205, 0.6548, 0.3059, 0.9968, 0.1089, 0.5640, 0.1836]
    for seed in range(50):
        drawn = np.random.default_rng(seed).random(12)
        for item_weights in (weights, drawn):
            assert np.isnan(pair.tau_b([4] * 12, [1, 2, 3] * 4, item_weights=item_weights))


@pytest.mark.parametrize("levels", [(3, 1), (1, 1), (1, 2, 3), (1, np.nan), None])
def test_a_scale_has_two_ends(levels):
    for name in ("s_score", "kappa", "pi", "abc"):
        with pytest.raises(ValueError, match="is not \\(lowest, highest\\)"):
            getattr(pair, name)([1, 1], [1, 1], levels=levels)


def test_nothing_rated_by_both_is_said():
    for x, y in (([], []), ([1, np.nan], [np.nan, 2])):
        with pytest.raises(ValueError, match="share no item"):
            pair.kappa(x, y, levels=(1, 3))


@given(vectors)
def test_tau_b_is_scipys(ratings):
    x, y = zip(*ratings)
    ours, theirs = pair.tau_b(x, y), kendalltau(x, y).statistic
    assert ours == pytest.approx(theirs, nan_ok=True)


def assembly(seed: int = 0, n_states: int = 7, n_items: int = 25) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    votes = pd.DataFrame(
        [
            (item, f"S{state}", int(rng.integers(1, 4)))
            for item in range(n_items)
            for state in range(n_states)
        ],
        columns=["rcid", "state", "vote"],
    )
    roll_calls = pd.DataFrame(
        {
            "rcid": range(n_items),
            "session": [1 + item // 13 for item in range(n_items)],
            "hr": [item % 2 for item in range(n_items)],
            "importantvote": [1.0 if item % 5 == 0 else 0.0 for item in range(n_items)],
            "mass": np.linspace(0.5, 2, n_items),
        }
    )
    return votes[rng.random(len(votes)) < 0.8], roll_calls


def slow_twin(votes, roll_calls, measure, **options):
    """Every pair on its own, through :mod:`risk.votes.pair`."""
    wide = votes.merge(roll_calls).pivot(index=["session", "rcid"], columns="state", values="vote")
    rows = []
    for session, part in wide.groupby(level="session"):
        part = part.dropna(axis=1, how="all")
        for at, a in enumerate(part.columns):
            for b in part.columns[at + 1 :]:
                both = part[[a, b]].dropna()
                rows.append((session, a, b, measure(both[a], both[b], levels=(1, 3), **options), len(both)))
    return pd.DataFrame(rows, columns=["session", "a", "b", "value", "n_joint"])


@pytest.mark.parametrize("name", ["s_score", "kappa", "pi", "tau_b", "abc"])
def test_all_pairs_at_once_are_the_pairs_one_by_one(name):
    votes, roll_calls = assembly()
    fast = MEASURES[name](votes, roll_calls)
    slow = slow_twin(votes, roll_calls, getattr(pair, name))
    pd.testing.assert_frame_equal(fast, slow, check_dtype=False, atol=1e-12)


@pytest.mark.parametrize("weights", ["nominal", "linear", "quadratic"])
def test_weights_of_kappa_and_pi(weights):
    votes, roll_calls = assembly(3)
    for many, one in ((kappa, pair.kappa), (pi, pair.pi)):
        slow = slow_twin(votes, roll_calls, one, weights=weights)
        np.testing.assert_allclose(
            many(votes, roll_calls, weights=weights)["value"], slow["value"], atol=1e-12
        )


HAND = pd.DataFrame(
    [
        (1, "A", 1),
        (1, "B", 1),
        (2, "A", 1),
        (2, "B", 2),
        (3, "A", 1),
        (3, "B", 3),
        (4, "A", 3),
        (4, "B", 3),
        (5, "A", 1),
    ],
    columns=["rcid", "state", "vote"],
)
HAND_CALLS = pd.DataFrame({"rcid": range(1, 6), "session": 74, "year": [2018, 2018, 2019, 2019, 2019]})


def test_agreement_and_coincidence_by_hand():
    one = lambda frame: frame["value"].tolist()  # noqa: E731
    assert one(agreement(HAND, HAND_CALLS)) == [2 / 4]
    assert one(agreement(HAND, HAND_CALLS, form="half")) == [2.5 / 4]
    assert one(voting_coincidence(HAND, HAND_CALLS, definition="before 2017")) == [2 / 3]
    assert one(voting_coincidence(HAND, HAND_CALLS)) == [2.5 / 4]
    by_year = agreement(HAND, HAND_CALLS, by="year")
    assert by_year[["year", "value", "n_joint"]].values.tolist() == [[2018, 0.5, 2], [2019, 0.5, 2]]


def test_too_few_joint_votes_are_not_covered():
    found = kappa(HAND, HAND_CALLS, min_joint=5)
    assert found["value"].isna().all()
    assert found["n_joint"].tolist() == [4]


def test_consensus_counts_as_agreement():
    with_mass = agreement(HAND, HAND_CALLS, consensus={74: 6})
    assert with_mass["value"].tolist() == [(2 + 6) / (4 + 6)]
    assert with_mass["n_joint"].tolist() == [4]
    assert agreement(HAND, HAND_CALLS, consensus=6)["value"].tolist() == [0.8]


def test_subsets_weights_and_chosen_states():
    votes, roll_calls = assembly()
    subset = agreement(votes, roll_calls, issue="hr", important=True)
    kept = roll_calls[(roll_calls["hr"] == 1) & (roll_calls["importantvote"] == 1)]
    pd.testing.assert_frame_equal(subset, agreement(votes[votes["rcid"].isin(kept["rcid"])], kept))
    assert set(agreement(votes, roll_calls, states=["S0", "S1"])["a"]) == {"S0"}
    weighted = s_score(votes, roll_calls, item_weights="mass").set_index(["session", "a", "b"])["value"]
    both = votes.merge(roll_calls).pivot(index=["session", "rcid", "mass"], columns="state", values="vote")
    part = both.loc[1][["S0", "S1"]].dropna().reset_index()
    by_hand = pair.s_score(part["S0"], part["S1"], levels=(1, 3), item_weights=part["mass"])
    assert weighted[1, "S0", "S1"] == pytest.approx(by_hand)
    with pytest.raises(VoteError, match="none left"):
        select_roll_calls(roll_calls.assign(hr=0), issue="hr")


def test_bootstrap_interval_holds_the_value_and_needs_an_rng():
    votes, roll_calls = assembly()
    found = s_score(votes, roll_calls, level=0.9, n_boot=100, rng=np.random.default_rng(1))
    inside = (found["low"] <= found["value"]) & (found["value"] <= found["high"])
    assert inside.mean() > 0.95
    assert (found["high"] > found["low"]).mean() > 0.9
    again = s_score(votes, roll_calls, level=0.9, n_boot=100, rng=np.random.default_rng(1))
    pd.testing.assert_frame_equal(found, again)
    with pytest.raises(ValueError, match="rng"):
        s_score(votes, roll_calls, level=0.9)


def test_an_interval_of_nothing_is_nothing():
    votes = pd.DataFrame({"rcid": [1, 1, 2, 2], "state": ["A", "B"] * 2, "vote": 1})
    roll_calls = pd.DataFrame({"rcid": [1, 2], "session": 1})
    for measure in (kappa, pi, tau_b):
        found = measure(votes, roll_calls, level=0.9, rng=np.random.default_rng(0))
        assert found[["value", "low", "high"]].isna().all(axis=None)


def test_intervals_cover_the_agreement_of_the_roll_calls_behind_those_drawn():
    inside = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        alike = rng.random(80) < 0.7
        votes = pd.DataFrame({"rcid": np.tile(range(80), 2), "state": ["A"] * 80 + ["B"] * 80})
        votes["vote"] = np.concatenate([np.ones(80), np.where(alike, 1, 3)])
        found = agreement(
            votes, pd.DataFrame({"rcid": range(80), "session": 1}), level=0.9, n_boot=200, rng=rng
        ).iloc[0]
        inside.append(found["low"] <= 0.7 <= found["high"])
    assert 0.8 <= np.mean(inside) <= 0.97


@pytest.mark.parametrize(
    "options, text",
    [
        ({"min_join": 5}, "no option min_join"),
        ({"states": "S0"}, "give a list"),
        ({"states": ["S0", "Atlantis"]}, "Atlantis cast no vote"),
        ({"item_weights": "size"}, "no column size"),
        ({"item_weights": "debt"}, "rcid 0, column debt: -1.0"),
        ({"item_weights": "gap"}, "rcid 0, column gap: nan"),
        ({"consensus": -1}, "consensus"),
        ({"consensus": {1: np.nan}}, "consensus"),
        ({"level": 90, "rng": np.random.default_rng(0)}, "level: 90"),
        ({"level": 0.9, "n_boot": 0, "rng": np.random.default_rng(0)}, "n_boot: 0"),
        ({"by": "term"}, "no column term"),
    ],
)
def test_an_option_without_meaning_is_refused(options, text):
    votes, roll_calls = assembly()
    with pytest.raises((TypeError, ValueError), match=text):
        kappa(votes, roll_calls.assign(debt=-1.0, gap=np.nan), **options)


def test_a_subset_hides_no_bad_vote():
    votes, roll_calls = assembly()
    stray = pd.DataFrame({"rcid": [999], "state": ["S0"], "vote": [1]})
    with pytest.raises(VoteError, match="is not in roll_calls"):
        agreement(pd.concat([votes, stray]), roll_calls, issue="hr")


@pytest.mark.parametrize(
    "change, text",
    [
        (
            lambda v, r: (v.assign(vote=v["vote"].replace(3, 9)), r),
            r"column vote: (np\.int64\()?9.* is none of 1 yes",
        ),
        (lambda v, r: (v.assign(vote=True), r), "is none of 1 yes"),
        (lambda v, r: (pd.concat([v, v.iloc[:1]]), r), "votes twice"),
        (lambda v, r: (v, r[r["rcid"] != 3]), "is not in roll_calls"),
        (lambda v, r: (v, pd.concat([r, r.iloc[:1]])), "stands twice"),
        (lambda v, r: (v.drop(columns="state"), r), "no column state"),
        (lambda v, r: (v.iloc[:0], r), "no rows"),
        (lambda v, r: (v.assign(state=[None, *v["state"][1:]]), r), "is missing"),
        (lambda v, r: (v, r.assign(session=np.nan)), "Every roll call needs its session"),
    ],
)
def test_bad_tables_are_refused_at_the_entrance(change, text):
    with pytest.raises(VoteError, match=text):
        agreement(*change(HAND.copy(), HAND_CALLS.copy()))


def test_inputs_are_not_changed_and_order_does_not_matter():
    votes, roll_calls = assembly()
    before = votes.copy(), roll_calls.copy()
    here = kappa(votes, roll_calls)
    pd.testing.assert_frame_equal(votes, before[0])
    pd.testing.assert_frame_equal(roll_calls, before[1])
    mixed = kappa(votes.sample(frac=1, random_state=1), roll_calls.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(here, mixed)


def test_titles_bridge_only_the_same_question():
    table = pd.DataFrame(
        {
            "rcid": range(1, 8),
            "session": [50, 51, 51, 52, 52, 53, 55],
            "title": ["Cuba", "CUBA : resolution / adopted by", "Space", "Space", "Space", "Cuba", "Cuba"],
        }
    )
    assert bridge_by_title(table, title="title").tolist() == [1, 1, 3, 4, 5, 6, 7]
    assert bridge_by_title(table, title="title", max_gap=2).tolist() == [1, 1, 3, 4, 5, 1, 1]
    votes = pd.DataFrame(
        [(1, "A", 1), (1, "B", 3), (2, "A", 1), (2, "B", 1)], columns=["rcid", "state", "vote"]
    )
    assert bridge_by_title(table, votes, title="title").tolist() == list(range(1, 8))


def test_paragraphs_are_left_out_from_1990_only():
    table = pd.DataFrame(
        {"rcid": [1, 2, 3], "year": [1980, 1995, 1995], "para": [1, 1, 0], "amend": [0, 0, None]}
    )
    assert final_votes(table)["rcid"].tolist() == [1, 3]


def test_votes_load_neither_scikit_learn_nor_scipy_stats():
    code = (
        "import sys, risk, risk.votes\n"
        "risk.load_positions(); risk.votes.pair; risk.votes.kappa\n"
        "print([name for name in ('sklearn', 'scipy.stats', 'matplotlib') if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
