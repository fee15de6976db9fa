"""Exposure: measures in force, spells, territories, partners."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import risk
from risk.events import check_events
from risk.ledger import no_positions, no_ties
from risk.recipe import Recipe
from risk.sanctions import SanctionsError, check_sanctions
from risk.ties import check_ties

NO_EVENTS = check_events(
    pd.DataFrame(
        {name: pd.Series(dtype=str) for name in ("event_id", "date", "actor", "recipient", "event_type")}
    )
)
RECIPE = Recipe(
    severity={
        "comprehensive": 0.8,
        "government": 0.5,
        "sectoral": 0.4,
        "list-based": 0.15,
        "sub-territory": 0.4,
    },
    pass_through=0.5,
)


def measure(
    measure_id="m",
    spell=1,
    sender="USA",
    target="VEN",
    instrument="energy",
    scope="sectoral",
    start="2019-01-28",
    end="",
    territory="",
    **more,
):
    """One row of a sanctions table."""
    return {
        "measure_id": measure_id, "spell": str(spell), "sender": sender, "target": target, "territory": territory,
        "instrument": instrument, "scope": scope, "start": start, "end": end, **more,
    }  # fmt: skip


def scorer(*measures, ties=None):
    """A scorer of these measures alone."""
    return risk.Scorer(
        NO_EVENTS,
        pd.DataFrame(measures),
        RECIPE,
        ties=no_ties() if ties is None else ties,
        positions=no_positions(),
    )


def tie(state, partner, share, year=2023, known_on="2024-06-01"):
    """One row of a tie table."""
    return {"state": state, "partner": partner, "share": share, "year": year, "known_on": known_on}


def test_severities_of_two_instruments_combine_and_share_exactly():
    result = scorer(measure("a"), measure("b", instrument="finance", scope="government")).exposure(
        "VEN", as_of="2020-01-01"
    )
    assert pytest.approx(1 - 0.6 * 0.5) == result.F
    assert result.in_force["share"].sum() == pytest.approx(result.F, abs=1e-12)
    assert set(result.in_force["share"].round(6)) == {
        round(0.7 * math.log(s) / math.log(0.3), 6) for s in (0.6, 0.5)
    }


def test_ten_narrow_orders_of_one_kind_are_not_one_broad_embargo():
    many = [measure(f"m{n}", instrument="listing", scope="list-based") for n in range(10)]
    result = scorer(*many).exposure("VEN", as_of="2020-01-01")
    assert pytest.approx(0.15) == result.F
    assert result.in_force["parallel"].sum() == 9


def test_an_end_day_is_out_and_its_knowledge_counts():
    rows = [measure(end="2023-10-18", end_known_on="2023-10-20")]
    assert scorer(*rows).exposure("VEN", as_of="2023-10-17").F > 0
    assert scorer(*rows).exposure("VEN", as_of="2023-10-18").F > 0
    assert scorer(*rows).exposure("VEN", as_of="2023-10-20").F == 0
    assert scorer(*rows).exposure("VEN", as_of="2023-10-25", known_on="2023-10-19").F > 0


def three_spells():
    """An easing for half a year and its end, as general licence 44 made them."""
    return [
        measure(spell=1, scope="government", end="2023-10-18"),
        measure(spell=2, scope="list-based", start="2023-10-18", end="2024-04-18"),
        measure(spell=3, scope="government", start="2024-04-18"),
    ]


def test_an_easing_lowers_the_exposure_and_its_end_raises_it_again():
    values = [
        scorer(*three_spells()).exposure("VEN", as_of=day).F
        for day in ("2023-10-17", "2023-10-18", "2024-04-17", "2024-04-18")
    ]
    assert values == pytest.approx([0.5, 0.15, 0.15, 0.5])


def test_an_easing_never_raises_the_conflict_stock_and_a_return_does_not_count_twice():
    one = scorer(*three_spells())
    stocks = [
        one.alignment("USA", "VEN", as_of=day).conflict
        for day in ("2023-10-17", "2023-10-18", "2024-04-17", "2024-04-18", "2026-01-01")
    ]
    assert stocks[1] == pytest.approx(stocks[0], abs=1e-9)
    assert stocks[2] < stocks[1]
    assert stocks[3] == pytest.approx(stocks[0], abs=1e-9)
    assert stocks[4] == pytest.approx(stocks[0], abs=1e-9)
    table = one.panel(["2023-10-17", "2023-10-18", "2024-04-17", "2024-04-18", "2026-01-01"])
    assert table["conflict"].to_numpy() == pytest.approx(np.array(stocks), abs=1e-9)


@pytest.mark.parametrize(
    "scopes", [("government", "list-based"), ("comprehensive", "government", "comprehensive")]
)
def test_later_spells_leave_earlier_scores_to_the_bit(scopes):
    spells = [
        measure(spell=n + 1, scope=scope, start=f"{2011 + 3 * n}-03-01", end=f"{2014 + 3 * n}-03-01")
        for n, scope in enumerate(scopes)
    ]
    days = ["2012-01-01", "2014-02-28"]
    first, whole = scorer(spells[0]), scorer(*spells)
    assert [first.alignment("USA", "VEN", as_of=day).value for day in days] == [
        whole.alignment("USA", "VEN", as_of=day).value for day in days
    ]
    assert first.panel(days)["value"].tolist() == whole.panel(days)["value"].tolist()


def test_a_spell_that_was_taken_over_whole_leaves_the_table():
    rows = [
        measure(spell=1, scope="comprehensive", start="2011-03-01", end="2015-03-01"),
        measure(spell=2, scope="government", start="2015-03-01", end="2016-03-01"),
        measure(spell=3, scope="comprehensive", start="2016-03-01"),
    ]
    found = scorer(*rows).alignment("USA", "VEN", as_of="2017-01-01")
    assert found.contributions["event_id"].tolist() == ["m#3"]
    change = scorer(*rows).change("USA", "VEN", start="2015-01-01", end="2017-01-01")
    assert set(change.contributions["part"]) == {"ended or amended"}


def test_steps_on_a_measure_are_those_on_its_spells():
    spells = [
        measure(spell=1, start="2015-01-01", end="2018-01-01"),
        measure(spell=2, scope="list-based", start="2018-01-01"),
    ]
    one, day = scorer(*spells), "2020-01-01"

    def after(**steps):
        return one.what_if("USA", "VEN", as_of=day, **steps).result.value

    def of(*rows):
        return scorer(*rows).alignment("USA", "VEN", as_of=day).value

    ended = {"end": "2017-01-01", "end_known_on": "2017-01-01"}
    assert after(end={"m": "2017-01-01"}) == of(
        {**spells[0], **ended}
    )  # the second spell does not come about
    moved = {"start": "2016-06-01", "known_on": "2016-06-01"}
    assert after(redate={"m": "2016-06-01"}) == of({**spells[0], **moved}, spells[1])


def test_a_portfolio_reports_what_moved_through_partners():
    ties = [{"state": "CUB", "partner": "VEN", "share": 0.5, "year": 2010, "known_on": "2011-01-01"}]
    rows = pd.DataFrame([measure(start="2018-01-01", known_on="2018-01-01")])
    one = risk.Scorer(None, rows, ties=pd.DataFrame(ties))
    table = one.portfolio(["Cuba", "Mexico"], as_of="2019-01-01", since="2017-01-01").set_index("state")
    assert table["changed"].to_dict() == {"CUB": True, "MEX": False}
    assert table.loc["CUB", "begun"] == ""


def test_results_hand_out_copies():
    found = scorer(measure()).exposure("VEN", as_of="2020-01-01")
    found.F_by_sender["USA"] = 0.0
    assert found.F_by_sender["USA"] > 0


def test_the_embedded_record_shows_the_onset_of_its_shipped_models():
    found = risk.Scorer().exposure("VEN", as_of="2025-10-15")
    assert {"sender", "probability", "horizon"} <= set(found.onset.columns)
    assert found.onset["probability"].between(0, 1).all()
    assert [row["sender"] for row in found.to_dict()["onset"]] == found.onset["sender"].tolist()
    first = found.onset.iloc[0]
    assert f"{first['sender']} {first['probability']:.0%}" in found.outlook
    assert f"{first['base_rate']:.1%} saw one" in found.outlook


def test_a_lifted_measure_ages_from_its_end():
    stocks = [
        scorer(measure(end="2021-01-01")).alignment("USA", "VEN", as_of=day).conflict
        for day in ("2020-12-31", "2021-01-01", "2023-01-01")
    ]
    assert stocks[0] == pytest.approx(stocks[1])
    assert 0 < stocks[2] < stocks[1]


def test_a_ledger_event_that_names_a_measure_weighs_nothing():
    events = pd.DataFrame(
        [
            {
                "event_id": "e",
                "date": "2019-01-28",
                "actor": "USA",
                "recipient": "VEN",
                "event_type": "sanction.impose",
                "measure_id": "m",
            },
            {
                "event_id": "f",
                "date": "2023-10-18",
                "actor": "USA",
                "recipient": "VEN",
                "event_type": "sanction.ease",
                "measure_id": "m",
            },
        ]
    )
    both = risk.Scorer(events, pd.DataFrame([measure()]), RECIPE, ties=no_ties(), positions=no_positions())
    alone = scorer(measure())
    assert (
        both.alignment("USA", "VEN", as_of="2024-01-01").value
        == alone.alignment("USA", "VEN", as_of="2024-01-01").value
    )


def test_a_measure_on_a_territory_adds_nothing_to_the_state():
    rows = [
        measure(
            target="UKR", territory="UA-43", scope="sub-territory", instrument="trade", start="2014-12-19"
        )
    ]
    result = scorer(*rows).exposure("Ukraine", as_of="2020-01-01")
    assert result.F == 0
    assert result.territories["territory"].tolist() == ["UA-43"]
    assert scorer(*rows).alignment("USA", "UKR", as_of="2020-01-01").conflict == 0


def test_one_hop_by_hand_and_the_upper_bound():
    ties = check_ties(pd.DataFrame([tie("VEN", "RUS", 0.25), tie("VEN", "CHN", 0.25)]))
    rows = [measure("r", target="RUS", scope="comprehensive", instrument="trade")]
    result = scorer(*rows, ties=ties).exposure("VEN", as_of="2025-01-01")
    assert pytest.approx(0.5 * 0.25 * 0.8) == result.E
    assert result.tie_coverage == pytest.approx(0.5)
    assert result.E < result.E_upper <= 1
    assert result.partners["amount"].sum() == pytest.approx(result.E, abs=1e-12)


def test_ties_not_yet_published_give_no_number():
    ties = check_ties(pd.DataFrame([tie("VEN", "RUS", 0.25)]))
    result = scorer(measure("r", target="RUS"), ties=ties).exposure("VEN", as_of="2024-05-31")
    assert math.isnan(result.E)
    assert result.tie_coverage == 0
    assert "no tie of VEN" in result.notes[0]


def test_a_row_over_one_is_scaled_with_a_note():
    ties = check_ties(pd.DataFrame([tie("VEN", "RUS", 0.8), tie("VEN", "CHN", 0.8)]))
    result = scorer(measure("r", target="RUS"), ties=ties).exposure("VEN", as_of="2025-01-01")
    assert result.tie_coverage == pytest.approx(1.0)
    assert "scaled to 1" in result.notes[0]


def test_own_sanctions_do_not_echo_back_through_partners():
    ties = check_ties(pd.DataFrame([tie("VEN", "CUB", 1.0), tie("CUB", "VEN", 1.0)]))
    assert scorer(measure("v"), ties=ties).exposure("VEN", as_of="2025-01-01").E == 0


@given(st.integers(0, 2**31), st.floats(0.0, 0.9))
def test_paths_and_the_rest_add_up_to_what_arrives(seed, g):
    rng = np.random.default_rng(seed)
    codes = ["VEN", "RUS", "CHN", "CUB", "IRN"]
    rows = [tie(a, b, round(float(rng.random()) / 4, 4)) for a in codes for b in codes if a != b]
    measures = [measure(code, target=code, instrument="finance") for code in codes[1:]]
    one = risk.Scorer(
        NO_EVENTS,
        pd.DataFrame(measures),
        RECIPE.replace(pass_through=g),
        ties=check_ties(pd.DataFrame(rows)),
        positions=no_positions(),
    )
    result = one.exposure("VEN", as_of="2025-01-01")
    assert result.partners["amount"].sum() == pytest.approx(result.E, abs=1e-12)
    longer = result.partners.loc[result.partners["length"] > 3, "amount"].sum()
    assert -1e-12 <= longer <= g**3 + 1e-12


def test_shared_pressure_speaks_for_two_states_under_one_sender_and_not_for_the_sender():
    rows = [measure("v"), measure("r", target="RUS", scope="government")]
    one = scorer(*rows)
    prior = one.alignment("VEN", "RUS", as_of="2020-01-01")
    assert prior.prior == pytest.approx(0.15 * 0.4)
    assert one.alignment("USA", "RUS", as_of="2020-01-01").prior == 0
    un = scorer(measure("v", sender="UN"), measure("r", sender="UN", target="RUS"))
    assert un.alignment("VEN", "RUS", as_of="2020-01-01").prior == 0


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"instrument": "magic"}, "instrument"),
        ({"scope": "huge"}, "scope"),
        ({"target": "USA"}, "the target is the sender too"),
        ({"end": "2018-01-01"}, "end comes before start"),
        ({"territory": "UA-43"}, "sub-territory"),
        ({"start": "2019-02-30"}, "2019-02-30"),
    ],
)
def test_a_bad_measure_is_refused_by_name(change, text):
    with pytest.raises(SanctionsError, match=text):
        check_sanctions(pd.DataFrame([measure() | change]))


def test_the_same_spell_twice_is_refused():
    with pytest.raises(SanctionsError, match="m"):
        check_sanctions(pd.DataFrame([measure(), measure(scope="government")]))


def test_onset_is_none_until_a_model_is_fitted():
    found = scorer(measure()).exposure("VEN", as_of="2020-01-01")
    assert found.onset is None
    assert found.outlook.startswith("A new measure: no probability")
