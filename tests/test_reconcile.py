"""Reports of one event by several sources: hand examples, laws, and what the score makes of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conftest import event_tables
from hypothesis import given
from hypothesis import strategies as st

import risk
from risk import Recipe, Scorer
from risk.codebook import load_codebook
from risk.events import EVENTS, EventError, check_events
from risk.ledger import no_positions, no_sanctions, no_ties
from risk.reconciliation import Reconciled, reconcile


def report(event_id: str, date: str, kind: str = "drill.naval", sides=("RUS", "VEN"), **more) -> dict:
    return {
        "event_id": event_id,
        "date": date,
        "actor": sides[0],
        "recipient": sides[1],
        "event_type": kind,
        "confidence": 0.5,
        **more,
    }


def table(*rows: dict) -> pd.DataFrame:
    return check_events(pd.DataFrame(list(rows)))


def clusters(found: Reconciled) -> dict[str, str]:
    return dict(zip(found.table["event_id"], found.table["cluster_id"]))


def conflicts(found: Reconciled) -> list[tuple]:
    return list(
        found.conflicts[["kind", "event_id", "told", "lead_id", "lead_told"]].itertuples(
            index=False, name=None
        )
    )


def cooperation(events: pd.DataFrame, as_of: str) -> tuple[float, float]:
    """C and D of Russia and Venezuela, nothing but the events counting."""
    events = events[list(EVENTS.names)].reset_index(drop=True)
    recipe = Recipe(prior_weights={})
    scorer = Scorer(events, no_sanctions(), recipe, ties=no_ties(), positions=no_positions())
    found = scorer.alignment("RUS", "VEN", as_of=as_of)
    return found.cooperation, found.conflict


def test_three_sources_tell_one_exercise():
    found = reconcile(
        {
            "ledger": table(report("l1", "2019-12-01", publisher="Ministry", confidence=0.9)),
            "gdelt": table(report("g1", "2019-12-03", known_on="2019-12-04", publisher="GDELT")),
            "icews": table(
                report("i1", "2019-11-30", "drill.joint", known_on="2019-12-10", publisher="ICEWS")
            ),
        }
    )
    assert clusters(found) == {"l1": "l1", "g1": "l1", "i1": "l1"}
    assert found.table["act_id"].tolist() == ["reports:l1"] * 3
    assert found.table["event_type"].tolist() == ["drill.naval"] * 3
    assert found.table["told_type"].tolist() == ["drill.naval", "drill.naval", "drill.joint"]
    assert found.table["told_by"].tolist() == ["ledger", "gdelt", "icews"]
    assert found.table["known_on"].dt.strftime("%m-%d").tolist() == ["12-01", "12-04", "12-10"]
    assert conflicts(found) == [
        ("date", "g1", "2019-12-03", "l1", "2019-12-01"),
        ("date", "i1", "2019-11-30", "l1", "2019-12-01"),
        ("type", "i1", "drill.joint", "l1", "drill.naval"),
    ]
    assert found.conflicts["known_on"].dt.strftime("%m-%d").tolist() == ["12-04", "12-10", "12-10"]


def test_confidence_is_computed_as_of_the_query():
    """1 - prod(1 - q) over the reports known by the day of knowledge; the day of the event is the first report's."""
    one = table(report("a", "2020-01-01", publisher="P", confidence=0.5))
    two = table(report("b", "2020-01-02", publisher="Q", confidence=0.4, known_on="2020-03-01"))
    three = table(report("c", "2020-01-01", publisher="R", confidence=0.9, known_on="2020-06-01"))
    found = reconcile([one, two, three])
    sure = table(report("a", "2020-01-01", publisher="P", confidence=1.0))
    for as_of, confidence in {
        "2020-02-01": 0.5,
        "2020-04-01": 1 - 0.5 * 0.6,
        "2020-07-01": 1 - 0.5 * 0.6 * 0.1,
    }.items():
        whole = cooperation(sure, as_of)[0]
        assert cooperation(found.table, as_of)[0] == pytest.approx(confidence * whole, rel=1e-12)
    apart = cooperation(pd.concat([one, two, three]), "2020-07-01")[0]
    assert apart > 1.5 * cooperation(found.table, "2020-07-01")[0]


def test_the_same_publisher_twice_is_one_source():
    one = table(report("a", "2020-01-01", publisher="Wire"))
    two = table(report("b", "2020-01-01", publisher="wire", known_on="2020-01-02"))
    merged = reconcile([one, two]).table
    assert cooperation(merged, "2020-02-01") == pytest.approx(cooperation(one, "2020-02-01"))


def test_other_types_of_the_family_count_once():
    one = table(report("a", "2020-01-01", "diplomacy.meeting", publisher="P"))
    two = table(report("b", "2020-01-01", "diplomacy.head_visit", publisher="Q", known_on="2020-01-02"))
    merged = reconcile([one, two]).table
    assert cooperation(merged, "2020-02-01")[0] == pytest.approx(1.5 * cooperation(one, "2020-02-01")[0])


@pytest.mark.parametrize(("days", "joined"), [(0, True), (3, True), (4, False)])
def test_window(days, joined):
    later = str(np.datetime64("2020-01-01") + days)
    found = reconcile([table(report("a", "2020-01-01")), table(report("b", later))])
    assert (clusters(found)["b"] == "a") is joined
    assert (found.table["act_id"] != "").any() == joined


def test_a_wider_window_is_an_option():
    found = reconcile([table(report("a", "2020-01-01")), table(report("b", "2020-01-10"))], window=10)
    assert clusters(found) == {"a": "a", "b": "a"}


def test_rows_of_one_table_are_different_events():
    first = table(report("a", "2020-01-01"), report("b", "2020-01-02"), report("c", "2020-01-03"))
    alone = reconcile([first])
    assert clusters(alone) == {"a": "a", "b": "b", "c": "c"}
    pd.testing.assert_frame_equal(alone.table[list(first.columns)], first)
    second = table(
        report("x", "2020-01-03", known_on="2020-01-09"), report("y", "2020-01-01", known_on="2020-01-10")
    )
    assert clusters(reconcile([first, second])) == {"a": "a", "b": "b", "c": "c", "x": "c", "y": "a"}


def test_a_table_does_not_contradict_itself():
    """A strike and the ceasefire a day later are two events of the table that tells both."""
    ledger = table(
        report("strike", "2020-06-27", "force.strike"), report("ceasefire", "2020-06-28", "force.ceasefire")
    )
    feed = table(report("told", "2020-06-27", "force.strike", known_on="2020-06-28", publisher="Q"))
    found = reconcile({"ledger": ledger, "feed": feed})
    assert clusters(found) == {"strike": "strike", "ceasefire": "ceasefire", "told": "strike"}
    assert conflicts(found) == []
    mixed = table(
        report("no", "2020-06-27", "force.ceasefire", known_on="2020-06-28"),
        report("yes", "2020-06-27", "force.strike", known_on="2020-06-29"),
        report("later", "2020-06-29", "force.ceasefire", known_on="2020-06-30"),
    )
    found = reconcile({"ledger": ledger.head(1), "feed": mixed})
    assert clusters(found) == {"strike": "strike", "no": "strike", "yes": "strike", "later": "later"}
    assert conflicts(found) == [("sign", "no", "force.ceasefire", "strike", "force.strike")]


def test_the_same_type_is_preferred_to_a_nearer_day():
    first = table(report("a", "2020-01-01"), report("b", "2020-01-03", "drill.air"))
    second = table(report("x", "2020-01-03", known_on="2020-01-04"))
    assert clusters(reconcile([first, second]))["x"] == "a"


def test_dyads_and_families_stay_apart():
    first = table(report("a", "2020-01-01"))
    second = table(
        report("b", "2020-01-01", sides=("RUS", "CUB")),
        report("c", "2020-01-01", "diplomacy.meeting"),
    )
    assert clusters(reconcile([first, second])) == {"a": "a", "b": "b", "c": "c"}


def test_conflict_of_sign():
    """Friendly here, hostile there: one cluster, two events, until somebody decides."""
    one = table(report("a", "2020-01-01", "diplomacy.statement", publisher="P"))
    two = table(report("b", "2020-01-01", "diplomacy.protest", publisher="Q", known_on="2020-01-02"))
    three = table(report("c", "2020-01-02", "diplomacy.protest", publisher="R", known_on="2020-01-03"))
    found = reconcile([one, two, three])
    assert set(clusters(found).values()) == {"a"}
    assert found.table["act_id"].tolist() == ["", "reports:b", "reports:b"]
    assert ("sign", "b", "diplomacy.protest", "a", "diplomacy.statement") in conflicts(found)
    C, D = cooperation(found.table, "2020-02-01")
    assert pytest.approx(cooperation(one, "2020-02-01")[0]) == C
    assert pytest.approx(1.5 * cooperation(two, "2020-02-01")[1]) == D


def test_conflict_of_party():
    one = table(report("a", "2020-01-01", "pressure.accusation", ("USA", "VEN")))
    two = table(report("b", "2020-01-01", "pressure.accusation", ("VEN", "USA"), known_on="2020-01-02"))
    found = reconcile([one, two])
    assert conflicts(found) == [("party", "b", "VEN to USA", "a", "USA to VEN")]
    assert found.table["act_id"].nunique() == 1
    assert found.table["actor"].tolist() == ["USA", "VEN"]


def test_sides_are_put_in_order_where_the_type_becomes_mutual():
    one = table(report("a", "2020-01-01", "diplomacy.meeting"))
    two = table(report("b", "2020-01-01", "diplomacy.minister_visit", ("VEN", "RUS"), known_on="2020-01-02"))
    merged = reconcile([one, two]).table
    assert merged[["actor", "recipient"]].to_numpy().tolist() == [["RUS", "VEN"]] * 2
    pd.testing.assert_frame_equal(check_events(merged[list(EVENTS.names)]), merged[list(EVENTS.names)])


def test_a_staged_act_of_the_ledger_takes_reports_in():
    act = {"act_id": "rus-ven-2025-partnership", "publisher": "Kremlin", "confidence": 1.0}
    ledger = table(
        report("l1", "2025-05-07", "treaty.partnership", stage="signed", **act),
        report("l2", "2025-09-30", "treaty.partnership", stage="parliament_a", **act),
    )
    feed = table(report("g1", "2025-05-08", "treaty.agreement", publisher="GDELT"))
    merged = reconcile({"ledger": ledger, "gdelt": feed}).table.set_index("event_id")
    assert merged.loc["g1", ["event_type", "stage", "act_id"]].tolist() == [
        "treaty.partnership", "signed", "rus-ven-2025-partnership",
    ]  # fmt: skip
    assert merged.loc["g1", "told_type"] == "treaty.agreement"
    before, after = (cooperation(events, "2025-12-01") for events in (ledger, merged.reset_index()))
    assert before == pytest.approx(after)


def test_a_report_that_names_another_act_keeps_it():
    feed = table(report("g1", "2025-05-07", "treaty.agreement", publisher="GDELT"))
    ledger = table(
        report("l1", "2025-05-07", "treaty.partnership", stage="signed", act_id="act", known_on="2025-05-09")
    )
    found = reconcile([feed, ledger])
    kept = found.table.set_index("event_id")
    assert kept.loc["l1", ["act_id", "stage", "event_type"]].tolist() == [
        "act",
        "signed",
        "treaty.partnership",
    ]
    assert kept.loc["g1", "act_id"] == ""
    assert ("act", "l1", "act signed", "g1", "") in conflicts(found)


def test_on_one_day_the_named_and_the_surer_report_leads():
    feed = table(report("a", "2025-05-07", "treaty.agreement", confidence=0.9))
    weak = table(report("b", "2025-05-07", "treaty.memorandum", confidence=0.2))
    named = table(
        report("c", "2025-05-07", "treaty.partnership", act_id="act", stage="signed", confidence=0.4)
    )
    assert set(reconcile([weak, feed]).table["event_type"]) == {"treaty.agreement"}
    assert set(reconcile([feed, weak, named]).table["event_type"]) == {"treaty.partnership"}


def test_imprecise_dates_have_slack():
    month = table(report("a", "2020-03"))
    day = table(report("b", "2020-03-30", known_on="2020-04-30"))
    found = reconcile([month, day])
    assert clusters(found)["b"] == "a"
    assert conflicts(found) == []


def test_states_of_affairs_end_together():
    one = table(report("a", "2000-01-01", "defence.base", end="2001-01-01"))
    two = table(report("b", "2000-01-02", "defence.access", known_on="2000-01-05"))
    merged = reconcile([one, two]).table
    assert merged["end"].nunique() == 1
    pd.testing.assert_frame_equal(check_events(merged[list(EVENTS.names)]), merged[list(EVENTS.names)])


def test_acts_of_several_states():
    many = {"actor": "", "recipient": "", "participants": "CHN;IRN;RUS"}
    one = table(report("a", "2019-12-27") | many)
    two = table(
        report("b", "2019-12-28", known_on="2019-12-30") | many,
        report("c", "2019-12-27", sides=("CHN", "RUS")),
    )
    assert clusters(reconcile([one, two])) == {"a": "a", "b": "a", "c": "c"}


def test_what_was_brought_stays_as_it_was():
    one, two = table(report("a", "2020-01-01")), table(report("b", "2020-01-02"))
    before = one.copy(), two.copy()
    reconcile([one, two])
    pd.testing.assert_frame_equal(one, before[0])
    pd.testing.assert_frame_equal(two, before[1])


def test_refusals():
    one = table(report("a", "2020-01-01"))
    with pytest.raises(EventError, match=r"'a'.*unique over all tables"):
        reconcile([one, one])
    with pytest.raises(EventError, match="check_events"):
        reconcile([pd.DataFrame({"event_id": ["a"]})])
    with pytest.raises(EventError) as error:
        reconcile([])
    assert error.value.code == "table.empty"
    for window in (-1, 1.5, True):
        with pytest.raises(ValueError, match="window"):
            reconcile([one], window=window)


def test_empty_tables():
    found = reconcile([table(report("a", "2020-01-01")).head(0), table(report("b", "2020-01-01"))])
    assert clusters(found) == {"b": "b"}
    assert repr(found) == "Reconciled(1 reports, 1 clusters, 0 conflicts)"
    assert len(reconcile([table(report("a", "2020-01-01")).head(0)]).table) == 0


def test_the_public_name_is_the_function():
    assert isinstance(risk.reconcile([table(report("a", "2020-01-01"))]), Reconciled)


def renamed(events: pd.DataFrame, prefix: str) -> pd.DataFrame:
    return events.assign(event_id=prefix + events["event_id"])


@given(event_tables(max_size=10), event_tables(max_size=10), st.integers(0, 30))
def test_law_what_is_known_later_changes_nothing_before(one, two, window):
    """Grouping only what was known by a day gives the same rows as grouping all and looking at that day."""
    one, two = renamed(one, "x"), renamed(two, "y")
    day = pd.concat([one, two])["known_on"].sort_values().iloc[(len(one) + len(two)) // 2]
    whole = reconcile([one, two], window)
    early = reconcile([events[events["known_on"] <= day] for events in (one, two)], window)
    seen = whole.table[whole.table["known_on"] <= day]
    columns = ["event_id", "cluster_id", "event_type", "stage", "actor", "recipient"]
    pd.testing.assert_frame_equal(seen[columns].reset_index(drop=True), early.table[columns])
    late = whole.conflicts[whole.conflicts["known_on"] <= day].reset_index(drop=True)
    pd.testing.assert_frame_equal(late, early.conflicts)


@given(event_tables(max_size=10), event_tables(max_size=10))
def test_law_the_score_before_a_day_does_not_see_later_reports(one, two):
    one, two = renamed(one, "x"), renamed(two, "y")
    day = pd.concat([one, two])["known_on"].sort_values().iloc[(len(one) + len(two)) // 2]
    as_of = str(day.date())
    whole = reconcile([one, two]).table
    early = reconcile([events[events["known_on"] <= day] for events in (one, two)]).table
    assert cooperation(whole, as_of) == pytest.approx(cooperation(early, as_of), rel=1e-12, abs=1e-15)


@given(event_tables(max_size=10), event_tables(max_size=10), st.randoms(use_true_random=False))
def test_law_the_order_of_tables_and_rows_does_not_count(one, two, order):
    one, two = renamed(one, "x"), renamed(two, "y")
    straight = reconcile({"one": one, "two": two})
    places = [order.sample(range(len(events)), len(events)) for events in (one, two)]
    turned = reconcile({"two": two.iloc[places[1]], "one": one.iloc[places[0]]})
    pd.testing.assert_frame_equal(turned.table, straight.table)
    pd.testing.assert_frame_equal(turned.conflicts, straight.conflicts)


@given(event_tables(max_size=10), event_tables(max_size=10), st.integers(0, 30))
def test_laws_of_the_grouping(one, two, window):
    one, two = renamed(one, "x"), renamed(two, "y")
    found = reconcile({"one": one, "two": two}, window).table
    assert sorted(found["event_id"]) == sorted([*one["event_id"], *two["event_id"]])
    book = load_codebook()
    keys = found.assign(
        family=book.family(found["told_type"]),
        sign=np.sign(book.intensity(found["told_type"])),
        dyad=[";".join(sorted(pair)) for pair in zip(found["actor"], found["recipient"])],
    )
    grouped = keys.groupby("cluster_id")
    assert (grouped[["family", "dyad", "participants"]].nunique() == 1).all(axis=None)
    assert not keys.duplicated(["cluster_id", "sign", "told_by"]).any()
    opener = keys.set_index("event_id").loc[keys["cluster_id"], ["sign", "told_by"]].reset_index(drop=True)
    own = (keys["told_by"] == opener["told_by"]) & (keys["cluster_id"] != keys["event_id"])
    assert not own.any()  # the table that opened a cluster adds nothing to it
    opening = found.set_index("event_id")["date"].loc[found["cluster_id"]].to_numpy()
    assert (np.abs((found["date"].to_numpy() - opening).astype("m8[D]").astype(int)) <= window).all()
    plain = found[list(EVENTS.names)]
    pd.testing.assert_frame_equal(check_events(plain), plain)
