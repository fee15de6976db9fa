"""Hand examples of the scorer: reports, stages, participants, organisations, what-if, change, intervals, recipes."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import risk
from risk.ledger import no_positions, no_sanctions, no_ties, open_ledger
from risk.recipe import Recipe, RecipeError

TREATY = pd.DataFrame(
    {
        "event_id": [f"t{n}" for n in range(6)],
        "date": ["2025-05-07", "2025-09-30", "2025-10-07", "2025-10-21", "2025-10-22", "2025-10-27"],
        "actor": "RUS",
        "recipient": "VEN",
        "event_type": "treaty.partnership",
        "act_id": "treaty",
        "stage": ["signed", "parliament_a", "ratified_a", "lower_house_b", "upper_house_b", "ratified_b"],
        "source": "gazette",
    }
)
ONE_CLOCK = Recipe(clocks={"fast": 730.5, "slow": 730.5}, prior_weights={})


def scorer(events: pd.DataFrame, recipe: Recipe = ONE_CLOCK, **more) -> risk.Scorer:
    return risk.Scorer(events, no_sanctions(), recipe, ties=no_ties(), positions=no_positions(), **more)


def event(
    event_id="e", date="2024-01-01", actor="RUS", recipient="VEN", event_type="energy.contract", **more
):
    return {
        "event_id": event_id,
        "date": date,
        "actor": actor,
        "recipient": recipient,
        "event_type": event_type,
        **more,
    }


def value_of(rows, as_of="2024-01-01", recipe=ONE_CLOCK, a="RUS", b="VEN", **more):
    return scorer(pd.DataFrame(rows), recipe).alignment(a, b, as_of=as_of, **more)


@pytest.mark.parametrize(
    ("day", "value"),
    [("2025-09-29", 0.2181), ("2025-10-08", 0.3403), ("2025-10-28", 0.4271), ("2026-10-28", 0.3452)],
)
def test_the_treaty_of_the_first_story_gives_the_reference_figures(day, value):
    assert scorer(TREATY).alignment("Venezuela", "Russia", as_of=day).value == pytest.approx(value, abs=5e-5)


def test_the_reference_interval_of_the_treaty():
    low, high = scorer(TREATY).alignment("VEN", "RUS", as_of="2025-10-28").interval
    assert (low, high) == (pytest.approx(-0.68, abs=0.005), pytest.approx(0.996, abs=0.0005))


def test_a_treaty_in_force_carries_the_whole_act_and_silences_its_stages():
    force = event("f", "2025-12-01", event_type="treaty.in_force", act_id="treaty", source="gazette")
    score = scorer(pd.concat([TREATY, pd.DataFrame([force])])).alignment("VEN", "RUS", as_of="2025-12-01")
    assert score.contributions["event_id"].tolist() == ["f"]
    before = scorer(pd.concat([TREATY, pd.DataFrame([force])])).alignment("VEN", "RUS", as_of="2025-11-30")
    assert len(before.contributions) == 6


def test_two_independent_reports_raise_the_confidence_from_their_own_day():
    rows = [
        event("r1", act_id="x", confidence=0.5, publisher="A"),
        event("r2", "2024-01-02", act_id="x", confidence=0.5, publisher="B", known_on="2024-03-01"),
    ]
    g = float(risk.load_codebook().intensity(["energy.contract"])[0])
    assert value_of(rows).cooperation == pytest.approx(g * 0.5)
    later = value_of(rows, as_of="2024-03-01")
    assert later.cooperation == pytest.approx(g * 0.75 * 2 ** (-60 / 730.5))
    assert len(later.contributions) == 1
    assert later.contributions["source"].iloc[0] == "A; B"


def test_the_same_source_twice_and_wire_copies_change_nothing():
    one = [event("r1", act_id="x", confidence=0.5, publisher="Wire")]
    copies = [*one, event("r2", act_id="x", confidence=0.9, publisher="wire", source="another paper")]
    assert value_of(copies).value == value_of(one).value


def test_one_source_is_one_report_whoever_publishes_it_or_nobody_does():
    one = value_of([event("r1", act_id="x", confidence=0.5, source="order 1")])
    again = event("r2", act_id="x", confidence=0.9, source="Order 1", publisher="a reprint")
    assert value_of([event("r1", act_id="x", confidence=0.5, source="order 1"), again]).value == one.value
    nobody = [event(name, act_id="x", confidence=0.5) for name in ("r1", "r2")]
    assert value_of(nobody).value == one.value


def test_directed_acts_in_opposite_directions_are_two_events():
    rows = [event("r1", act_id="x", event_type="diplomacy.recall")]
    back = event("r2", act_id="x", event_type="diplomacy.recall", actor="VEN", recipient="RUS")
    assert value_of([*rows, back]).conflict == pytest.approx(2 * value_of(rows).conflict)


def test_a_row_in_force_between_two_silences_their_part_of_a_wider_act():
    signed = event(
        "s", "2024-01-01", "", "", "treaty.partnership", participants="CHN;RUS;VEN", stage="signed"
    )
    rows = [{**signed, "act_id": "t"}, event("f", "2024-02-01", event_type="treaty.in_force", act_id="t")]
    assert value_of(rows, "2024-02-01").contributions["event_id"].tolist() == ["f"]
    assert value_of(rows, "2024-02-01", a="CHN").contributions["event_id"].tolist() == ["s"]


def test_a_score_on_short_clocks_fades_to_its_prior_and_is_not_lost():
    recipe = Recipe(clocks={"fast": 1, "slow": 1}, prior_weights={"base": 0.5}, base=0.5)
    assert value_of([event()], "2034-01-01", recipe).value == 0.25


def test_types_of_ones_own_codebook_are_scored():
    own = risk.load_codebook().types.loc[["drill.joint"]].rename(index={"drill.joint": "drill.own"})
    book = risk.load_codebook().with_types(own.assign(goldstein=0.5))
    one = scorer(pd.DataFrame([event(event_type="drill.own")]), codebook=book)
    assert one.alignment("RUS", "VEN", as_of="2024-01-01").cooperation == 0.5
    more = one.what_if("RUS", "VEN", as_of="2024-01-01", add=event("n", event_type="drill.own"))
    assert more.result.cooperation == 1.0


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"events": "mine.csv"}, TypeError, r"not str; a file is read with read_events\(path\)"),
        ({"sanctions": "mine.csv"}, TypeError, r"not str; a file is read with read_sanctions\(path\)"),
        ({"coverage": "mine.csv"}, TypeError, "a DataFrame is checked, not str$"),
        (
            {"recipe": "mine.toml"},
            TypeError,
            r"recipe: a Recipe is needed, not 'mine.toml'; give load_recipe",
        ),
        ({"codebook": {}}, TypeError, "a Codebook is needed"),
    ],
)
def test_what_is_no_table_or_recipe_is_refused_at_the_entrance(given, error, text):
    with pytest.raises(error, match=text):
        risk.Scorer(**given)


def test_an_act_of_three_states_is_shared_between_their_pairs():
    rows = [event(actor="", recipient="", participants="CHN;RUS;VEN", event_type="drill.naval")]
    g = float(risk.load_codebook().intensity(["drill.naval"])[0])
    assert value_of(rows).cooperation == pytest.approx(g / 2)
    assert value_of(rows, recipe=ONE_CLOCK.replace(pair_weight="full")).cooperation == pytest.approx(g)


def test_an_organisation_enters_its_members_dyads_only_if_asked():
    rows = [event(actor="EU", recipient="VEN", event_type="pressure.demand")]
    assert math.isnan(value_of(rows, a="DEU").value)
    wide = value_of(rows, a="DEU", recipe=ONE_CLOCK.replace(expand_organisations=True))
    g = abs(float(risk.load_codebook().intensity(["pressure.demand"])[0]))
    assert wide.conflict == pytest.approx(g / 26)
    assert math.isnan(value_of(rows, a="GBR", recipe=ONE_CLOCK.replace(expand_organisations=True)).value)


def test_writing_into_a_frame_of_a_result_changes_no_result():
    score = value_of([event()])
    table = score.contributions
    table.loc[0, "share"] = 99.0
    table["title"] = "changed"
    assert score.contributions["share"].sum() == pytest.approx(score.value)
    assert score.contributions["title"].tolist() == [""]


def test_no_record_and_no_coverage_is_no_number():
    score = value_of([event()], a="FRA", b="DEU")
    assert math.isnan(score.value)
    assert score.coverage == "none"
    assert score.contributions.empty
    assert "not covered" in repr(score)


def test_inside_declared_coverage_silence_is_the_prior():
    coverage = pd.DataFrame(
        {
            "a": ["DEU"],
            "b": ["FRA"],
            "family": ["treaty"],
            "start": pd.to_datetime(["2000-01-01"]),
            "end": pd.to_datetime([None]),
            "threshold": ["all"],
        }
    )
    recipe = ONE_CLOCK.replace(prior_weights={"base": 0.4}, base=0.5)
    one = scorer(pd.DataFrame([event()]), recipe, coverage=coverage)
    assert one.alignment("FRA", "DEU", as_of="2024-01-01").value == pytest.approx(0.2)
    assert math.isnan(one.alignment("FRA", "DEU", as_of="1999-12-31").value)
    assert one.panel(["1999-12-31", "2024-01-01"], [("FRA", "DEU")])["value"].isna().tolist() == [True, False]


def test_coverage_of_ones_own_takes_names_in_any_order_and_days_as_text():
    window = {"a": ["Venezuela"], "b": ["France"], "family": ["treaty"], "start": ["2000-01-01"]}
    one = scorer(pd.DataFrame([event()]), coverage=pd.DataFrame(window), data_through="2024-06-30")
    assert one.alignment("VEN", "FRA", as_of="2024-06-30").value == 0
    assert math.isnan(one.alignment("VEN", "FRA", as_of="2024-07-01").value)  # the record claims no more
    assert one.panel(["2024-06-30"], [("VEN", "FRA")])["value"].tolist() == [0]


@pytest.mark.parametrize(
    ("window", "text"),
    [
        ({"b": "Venezuela"}, "both states are the same"),
        ({"end": "1999-01-01"}, "must come after start"),
        ({"b": "Atlantis"}, "row 1, column b"),
    ],
)
def test_a_window_that_claims_nothing_is_refused(window, text):
    table = {"a": "VEN", "b": "FRA", "family": "treaty", "start": "2000-01-01", **window}
    with pytest.raises(ValueError, match=text):
        scorer(pd.DataFrame([event()]), coverage=pd.DataFrame([table]))


@pytest.mark.parametrize(
    ("as_of", "flag"), [("2024-01-01", "good"), ("2025-01-01", "stale"), ("2023-01-01", "none")]
)
def test_coverage_flags(as_of, flag):
    assert value_of([event(magnitude=3)], as_of=as_of).coverage == flag


def test_a_thin_record_is_flagged():
    assert value_of([event(magnitude=0.1)]).coverage == "thin"


def test_changes_name_their_parts():
    rows = [
        event("old", "2020-01-01"), event("new", "2024-02-01"), event("late", "2021-01-01", known_on="2024-03-01"),
        event("base", "2019-01-01", event_type="defence.base", end="2024-04-01"),
    ]  # fmt: skip
    change = scorer(pd.DataFrame(rows)).change("VEN", "RUS", start="2024-01-01", end="2025-01-01")
    parts = change.contributions.set_index("event_id")["part"].to_dict()
    assert parts == {"old": "ageing", "new": "new", "late": "newly known", "base": "ended or amended"}
    assert change.parts["share"].sum() == pytest.approx(change.total, abs=1e-12)


def test_only_a_later_spell_of_a_measure_is_an_amendment():
    change = scorer(pd.DataFrame([event("raid#2")])).change(
        "VEN", "RUS", start="2023-12-31", end="2024-01-01"
    )
    assert change.contributions["part"].tolist() == ["new"]
    assert "+0.000 (not covered) to +0.390" in repr(change)


def test_a_change_runs_forward():
    with pytest.raises(ValueError, match="comes before start"):
        scorer(TREATY).change("VEN", "RUS", start="2025-01-01", end="2024-01-01")


def test_what_if_takes_every_kind_of_step():
    rows = [
        event("a"),
        event("b", "2023-01-01", event_type="pressure.tariff"),
        event("c", "2022-01-01", event_type="defence.base"),
    ]
    one = scorer(pd.DataFrame(rows))
    result = one.what_if(
        "VEN", "RUS", as_of="2024-06-01", add=[event("n", "2024-05-01")], drop="a", redate={"b": "2020-01-01"},
        rescale={"c": 2.0}, end={"c": "2023-06-01"}, recipe=ONE_CLOCK.replace(kappa=2.0),
    )  # fmt: skip
    assert len(result.steps) == 6
    assert result.steps["effect"].sum() + result.remainder == pytest.approx(result.total, abs=1e-12)
    assert result.total == pytest.approx(result.result.value - result.base.value)
    assert one.alignment("VEN", "RUS", as_of="2024-06-01").value == result.base.value


def test_a_step_is_what_a_changed_table_gives():
    rows = pd.DataFrame([
        event("s", "2020-01-01", event_type="treaty.partnership", act_id="t", stage="signed"),
        event("r", "2021-01-01", event_type="treaty.partnership", act_id="t", stage="ratified_a"),
        event("b", "2010-01-01", event_type="defence.base", end="2015-01-01"),
    ])  # fmt: skip
    one = scorer(rows)

    def steps(**step):
        return one.what_if("RUS", "VEN", as_of="2024-01-01", **step).result.value

    def told(**days):
        table = rows.assign(**{name: pd.Series(given) for name, given in days.items()})
        return scorer(table).alignment("RUS", "VEN", as_of="2024-01-01").value

    assert steps(redate={"t": "2020-01-11"}) == told(date=["2020-01-11", "2021-01-11", "2010-01-01"])
    assert steps(redate={"b": "2012-01-01"}) == told(date=["2020-01-01", "2021-01-01", "2012-01-01"])
    assert steps(end={"b": "2012-01-01"}) == told(end=[None, None, "2012-01-01"])
    assert steps(end={"b": "2030-01-01"}) == told(end=[None, None, "2030-01-01"])  # later than on record
    assert steps(end={"b": "2030-01-01"}) > one.alignment("RUS", "VEN", as_of="2024-01-01").value


def test_leaving_out_a_whole_act():
    result = scorer(TREATY).what_if("VEN", "RUS", as_of="2025-10-28", drop="treaty")
    assert math.isnan(result.result.value)
    both = pd.concat([TREATY, pd.DataFrame([event("other", "2025-01-01")])])
    assert scorer(both).what_if("VEN", "RUS", as_of="2025-10-28", drop="treaty").total < -0.1


@pytest.mark.parametrize(
    ("steps", "error", "text"),
    [
        ({"drop": "treatx"}, KeyError, "nearest: treaty"),
        ({"end": {"t0": "2025-06-01"}}, ValueError, "an act has no end"),
        ({"rescale": {"t0": -1}}, ValueError, "not a magnitude"),
        ({"redate": {"t0": "soon"}}, ValueError, "is not a day"),
        ({"redate": {"base": "2021-01-01"}}, ValueError, "it would begin after its end"),
        ({"end": {"base": "2009-01-01"}}, ValueError, "has not begun by 2009-01-01"),
        ({"add": [event("t0")]}, ValueError, "already holds"),
    ],
)
def test_steps_that_cannot_be_taken(steps, error, text):
    base = event("base", "2010-01-01", event_type="defence.base", end="2020-01-01")
    with pytest.raises(error, match=text):
        scorer(pd.concat([TREATY, pd.DataFrame([base])])).what_if("VEN", "RUS", as_of="2025-10-28", **steps)


def test_what_would_move_it_does():
    one = scorer(TREATY)
    needed = one.needed("VEN", "RUS", as_of="2025-10-28", delta=-0.2)
    assert needed.direction == "hostile"
    per_act = abs(float(risk.load_codebook().intensity(["pressure.tariff"])[0]))
    added = event("n", "2025-10-28", event_type="pressure.tariff", magnitude=needed.weight / per_act)
    assert one.what_if("VEN", "RUS", as_of="2025-10-28", add=[added]).total == pytest.approx(-0.2)
    with pytest.raises(ValueError, match="stays inside"):
        one.needed("VEN", "RUS", as_of="2025-10-28", delta=0.9)


def test_the_history_has_the_days_of_its_frequency():
    table = scorer(TREATY).history("VEN", "RUS", start="2024-12-28", end="2025-10-28", freq="7D")
    assert table.index.tolist() == list(pd.date_range("2024-12-28", "2025-10-28", freq="7D"))
    assert table.index[-1] == pd.Timestamp("2025-10-25")
    last = scorer(TREATY).alignment("VEN", "RUS", as_of="2025-10-25").value
    assert table["value"].iloc[-1] == pytest.approx(last, abs=1e-12)
    with pytest.raises(ValueError, match="no day of the frequency"):
        scorer(TREATY).history("VEN", "RUS", start="2025-01-02", end="2025-01-03", freq="MS")
    assert table["value"].iloc[0] != table["value"].iloc[0]
    assert ((table["low"] <= table["value"]) | table["value"].isna()).all()


def test_panels_keep_the_order_asked_and_take_each_dyad_once():
    one = scorer(TREATY)
    for table in (
        one.panel(["2025-10-28"], [("VEN", "RUS")]),
        one.features(["2025-10-28"], [("VEN", "RUS")]),
    ):
        assert table.index.tolist() == [(pd.Timestamp("2025-10-28"), "VEN", "RUS")]
    for dyads, text in (
        ([("VEN", "RUS"), ("RUS", "VEN")], "stands twice"),
        ([("VEN", "Venezuela")], "one state"),
        (("VEN", "RUS"), "list of pairs"),
    ):
        with pytest.raises(ValueError, match=text):
            one.panel(["2025-10-28"], dyads)
    with pytest.raises(ValueError, match="a list of days"):
        one.panel("2025-10-28")


def test_a_state_that_is_gone_is_not_ranked():
    one = scorer(pd.DataFrame([event(), event("y", "2002-01-01", actor="YUG")]))
    assert set(one.ranking(as_of="2003-01-01")["b"]) | set(one.ranking(as_of="2003-01-01")["a"]) == {
        "YUG",
        "VEN",
    }
    assert one.ranking(as_of="2024-06-01")["a"].tolist() == ["RUS"]


def test_a_score_without_cover_has_no_weight_that_moves_it():
    with pytest.raises(ValueError, match="not covered"):
        scorer(TREATY).needed("VEN", "CHN", as_of="2025-10-28", delta=0.1)


def test_rankings_are_sorted_and_name_the_partner():
    table = risk.Scorer().ranking(as_of="2025-10-15", partner="Venezuela")
    assert (table["value"].diff().dropna() <= 0).all()
    assert set(table["b"]) == {"VEN"}
    assert "VEN" not in set(table["a"])


@pytest.mark.parametrize("name", ["\U0001f600", 'a "b" \\ c', "two\nlines\x7f\u2028"])
def test_any_name_of_a_recipe_goes_to_toml_and_back(name):
    assert Recipe.from_toml(Recipe(name=name).to_toml()).name == name


def test_numbers_of_numpy_are_numbers():
    assert Recipe(kappa=np.int64(2)) == Recipe(kappa=np.float32(2)) == Recipe(kappa=2)


def test_recipes_go_to_toml_and_back_and_know_their_digest():
    mine = Recipe(kappa=2.5, clocks=(100, 1000), prior_weights={"votes": 0.3}, name='mine "quoted" é')
    again = Recipe.from_toml(mine.to_toml())
    assert again == mine
    assert again.digest == mine.digest != risk.DEFAULT_RECIPE.digest
    assert mine.replace(name="other").digest == mine.digest
    assert hash(mine) == hash(again)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"kappa": 0}, "kappa: 0.0 must be above 0"),
        ({"kappa": float("nan")}, "kappa: nan is not a finite number"),
        ({"kappa": True}, "kappa: True is not a finite number"),
        ({"rho": 0.5}, "rho: 0.5 must be at least 1"),
        ({"pass_through": 1}, r"pass_through: 1.0 must be in \[0, 1\)"),
        ({"scale": "loud"}, "scale: 'loud' must be one of goldstein, plover"),
        ({"clocks": {"fast": 1}}, "clocks: {'fast': 1.0} must be a table of fast and slow"),
        ({"clocks": (1, -1)}, "clocks.slow: -1.0 must be above 0 days"),
        ({"severity": {"comprehensive": 1.0}}, "severity: .* must be a table of comprehensive"),
        (
            {"prior_weights": {"base": 0.6, "votes": 0.4}},
            "prior_weights: 1.0 must be a table whose sum is below 1",
        ),
        ({"prior_weights": {"stars": 0.1}}, "rows among base, votes, shared_pressure"),
        ({"prior_weights": {"base": -0.1}}, "prior_weights.base: -0.1 must be at least 0"),
        ({"expand_organisations": "yes"}, "expand_organisations: 'yes' must be true or false"),
    ],
)
def test_a_recipe_refuses_what_makes_no_score(change, text):
    with pytest.raises(RecipeError, match=text):
        Recipe(**change)


def test_a_recipe_file_with_an_unknown_field_is_refused_by_name(tmp_path):
    file = tmp_path / "r.toml"
    file.write_text("kapa = 2.0\n", encoding="utf-8")
    with pytest.raises(RecipeError, match="unknown fields kapa"):
        risk.load_recipe(file)


def test_each_result_says_where_it_stands_and_how_to_cite_it():
    one = risk.Scorer()
    score, exposure = one.alignment("VEN", "RUS", as_of="2025-10-15"), one.exposure("VEN", as_of="2025-10-15")
    assert "percentile" in score.standing
    assert "percentile" in exposure.standing
    assert risk.DEFAULT_RECIPE.digest[:12] in score.cite()
    assert "2025-10-15" in exposure.cite()


def test_a_bundle_gives_the_score_again(tmp_path):
    rows = [
        event("r1", act_id="x", confidence=0.5, source="A"),
        event("r2", act_id="x", confidence=0.5, source="B", known_on="2024-02-01"),
    ]
    one = risk.Scorer(pd.DataFrame(rows), no_sanctions(), data_through="2024-12-31")
    result = one.alignment("VEN", "RUS", as_of="2024-03-01")
    folder = result.save(tmp_path / "bundle")
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in ("positions", "ties", "coverage")}
    again = risk.Scorer(
        risk.read_events(folder / "events.csv").table, no_sanctions(), risk.load_recipe(folder / "recipe.toml"),
        data_through="2024-12-31", **tables,
    )  # fmt: skip
    assert len(again.events) == 2
    assert again.alignment("VEN", "RUS", as_of="2024-03-01").value == result.value
    assert "own events, sanctions; for the rest embedded record" in result.cite()


def test_portfolio_says_what_began_and_ended():
    table = (
        risk.Scorer()
        .portfolio(["Venezuela", "CHE"], as_of="2023-10-20", since="2023-10-01")
        .set_index("state")
    )
    assert table.loc["VEN", "changed"]
    assert not table.loc["CHE", "changed"]
    assert table.loc["VEN", "F_change"] < 0


def test_the_ledger_tells_what_it_holds_in_one_line():
    ledger = open_ledger(pd.DataFrame([event(title="a long title")]), no_sanctions())
    said = repr(ledger)
    assert "\n" not in said
    assert len(said) < 200
    assert said.startswith("<Ledger: 1 events, 0 measure spells, own events, sanctions; ")
    assert "a long title" not in said


def test_an_empty_table_changes_no_recipe_in_silence():
    with pytest.raises(
        risk.recipe.RecipeError, match=r"prior_weights: \{\} must be a table of the rows to change"
    ):
        risk.DEFAULT_RECIPE.replace(prior_weights={})
    none = risk.DEFAULT_RECIPE.replace(prior_weights={"base": 0, "votes": 0, "shared_pressure": 0})
    assert dict(none.prior_weights) == dict(Recipe(prior_weights={}).prior_weights)
