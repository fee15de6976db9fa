"""The codebook: its tables against their assertions and the published ones, its arithmetic, its refusals."""

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.codebook import MAGNITUDE_BOUNDS, SCALES, CodebookError, load_codebook
from risk.datasets import describe, path, read_text_table

BOOK = load_codebook()
TYPES = BOOK.types
RULES = describe("codebook")["assertions"]
SHARED = Path(os.environ.get("RISK_DATA", Path(__file__).parents[1] / ".." / "shared" / "data"))
needs_shared = pytest.mark.skipif(
    not (SHARED / "cameo" / "CAMEO.goldsteinscale.txt").is_file(),
    reason=f"the published CAMEO and PLOVER tables are not at {SHARED / 'cameo'} (set RISK_DATA)",
)
with_money = st.sampled_from(list(TYPES.index[TYPES["typical_value"].notna()]))
any_type = st.sampled_from(list(TYPES.index))
money = st.floats(1e-3, 1e9)


def published_values():
    lines = (SHARED / "cameo" / "CAMEO.goldsteinscale.txt").read_text().splitlines()[1:]
    return {code: float(value) for code, value in (line.split("\t") for line in lines)}


def published_crosswalk():
    """(code, event, mode) of the conversion table, each once."""
    text = (SHARED / "cameo" / "CAMEO2PLOVER-2021.txt").read_text(encoding="utf-8")
    rows = re.findall(r"^(\d{3,4}):\s*([A-Z]+)\s*,([^,#\n]*),", text, flags=re.MULTILINE)
    return sorted({(code, event, mode.strip()) for code, event, mode in rows})


# the tables


@pytest.mark.parametrize("name", sorted(RULES["rows"]))
def test_a_table_has_the_stated_rows_and_key(name):
    table = read_text_table("codebook", f"{name}.csv")
    assert len(table) == RULES["rows"][name]
    key = next(r["primary_key"] for r in describe("codebook")["resources"] if r["name"] == name)
    assert not table.duplicated(key).any()


@pytest.mark.parametrize("column", sorted(RULES["allowed"]))
def test_a_column_holds_only_allowed_values(column):
    assert set(read_text_table("codebook", "types.csv")[column]) == set(RULES["allowed"][column])


@pytest.mark.parametrize(
    "name", [*(f"{name}.csv" for name in RULES["rows"]), "README.md", "datapackage.json"]
)
def test_the_files_are_plain_utf8_with_unix_line_ends(name):
    data = path("codebook", name).read_bytes()
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8").endswith("\n")


def test_there_are_enough_types_in_the_eleven_families():
    assert len(TYPES) >= RULES["minimum_types"] >= 45
    assert list(BOOK.families) == RULES["families"]
    assert len(BOOK.families) == 11
    assert (TYPES["family"] == TYPES.index.str.split(".").str[0]).all()


@pytest.mark.parametrize("column", ["definition", "example", "counter_example", "persistence_reason"])
def test_every_type_is_explained(column):
    assert (TYPES[column].str.len() >= 20).all()
    assert TYPES["label"].is_unique


@pytest.mark.parametrize("column", ["definition", "example"])
def test_no_two_types_share_an_explanation(column):
    assert TYPES[column].is_unique


def test_a_type_named_in_a_counter_example_exists():
    named = {name for text in TYPES["counter_example"] for name in re.findall(r"\b[a-z]+\.[a-z_]+\b", text)}
    assert len(named) > 30
    assert named <= set(TYPES.index)


@pytest.mark.parametrize("scale", SCALES)
def test_intensity_agrees_with_the_sign(scale):
    sign = np.where(TYPES["sign"] == "friendly", 1.0, -1.0)
    strength = sign * BOOK.intensity(TYPES.index, scale)
    assert (strength > 0).all()
    assert (strength <= 1).all()


def test_only_states_of_affairs_stand():
    states = TYPES.index[BOOK.is_state(TYPES.index)]
    assert sorted(states) == RULES["states_of_affairs"]
    friendly = TYPES.loc[states, "sign"] == "friendly"
    assert BOOK.standing(states).tolist() == np.where(friendly, 0.25, 1.0).tolist()
    assert np.isnan(BOOK.standing(TYPES.index.difference(states))).all()


def test_war_and_invasion_weigh_ten():
    heavy = TYPES.index[BOOK.default_magnitude(TYPES.index) != 1]
    assert sorted(heavy) == ["force.invasion", "force.war"]
    assert BOOK.default_magnitude(heavy).tolist() == [10.0, 10.0]


def test_treaties_bases_and_alliances_are_remembered_longer_than_visits_and_words():
    lasting = BOOK.persistence(["treaty.partnership", "treaty.alliance", "defence.base"])
    fleeting = BOOK.persistence(["diplomacy.minister_visit", "diplomacy.statement", "pressure.accusation"])
    assert lasting.min() > fleeting.max()
    assert BOOK.persistence(TYPES.index).min() >= 0
    assert BOOK.persistence(TYPES.index).max() <= 1


def test_mutual_and_directed():
    assert BOOK.is_directed(["diplomacy.head_visit", "arms.contract", "energy.nuclear"]).all()
    assert not BOOK.is_directed(["treaty.partnership", "drill.naval", "energy.oil", "force.war"]).any()


def test_money_has_a_unit():
    assert ((TYPES["value_unit"] == "US$ million") == TYPES["typical_value"].notna()).all()


# stages


def test_the_stages_of_the_reference_treaty():
    stages = ["signed", "parliament_a", "ratified_a", "lower_house_b", "upper_house_b", "ratified_b"]
    found = BOOK.stage_fraction(["treaty.partnership"] * 6, stages)
    assert found.tolist() == [0.40, 0.10, 0.20, 0.05, 0.05, 0.20]
    assert BOOK.intensity(["treaty.partnership"]).tolist() == [0.8]


def test_the_stages_of_an_agreement():
    found = BOOK.stage_fraction(["treaty.agreement"] * 3, ["signed", "ratified_a", "ratified_b"])
    assert found.tolist() == [0.6, 0.2, 0.2]


def test_fractions_sum_to_at_most_one():
    totals = BOOK.stages.groupby("event_type")["fraction"].sum()
    assert set(totals.index) == {"treaty.partnership", "treaty.agreement"}
    assert totals.tolist() == pytest.approx([1.0, 1.0])


def test_a_blank_stage_is_the_whole_act():
    everything = list(TYPES.index)
    assert (BOOK.stage_fraction(everything, [""] * len(everything)) == 1).all()
    assert BOOK.stage_fraction(["treaty.partnership"] * 2, [None, np.nan]).tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    "event_type, stage, message",
    [
        (
            "treaty.agreement",
            "parliament_a",
            "stage 'parliament_a' is not a stage of treaty.agreement; "
            "use one of signed, ratified_a, ratified_b, or leave it blank",
        ),
        (
            "drill.naval",
            "signed",
            "stage 'signed' is not a stage of drill.naval; it has none; leave it blank",
        ),
    ],
)
def test_an_unknown_stage_is_refused(event_type, stage, message):
    with pytest.raises(CodebookError) as error:
        BOOK.stage_fraction(["treaty.partnership", event_type], ["signed", stage])
    assert str(error.value) == message
    assert error.value.code == "stage.unknown"


# magnitude


@pytest.mark.parametrize(
    "event_type, magnitude, value, expected",
    [
        ("arms.contract", np.nan, 500, 1.0),
        ("arms.contract", np.nan, 5000, 1 + 1),
        ("arms.contract", np.nan, 1000, 1 + np.log10(2)),
        ("arms.contract", np.nan, 1, 0.25),
        ("economy.aid", np.nan, 1e15, 10.0),
        ("arms.contract", 3, 5000, 3.0),
        ("arms.contract", 0, 5000, 0.0),
        ("arms.contract", np.nan, np.nan, 1.0),
        ("treaty.memorandum", np.nan, 5000, 1.0),
        ("force.war", np.nan, np.nan, 10.0),
        ("force.war", 2, np.nan, 2.0),
    ],
)
def test_magnitude_by_hand(event_type, magnitude, value, expected):
    assert BOOK.magnitude([event_type], [magnitude], [value])[0] == pytest.approx(expected, rel=1e-15)


def test_magnitude_without_columns_is_the_default():
    assert BOOK.magnitude(TYPES.index).tolist() == BOOK.default_magnitude(TYPES.index).tolist()


@given(with_money, money, money)
def test_magnitude_grows_with_value_within_its_bounds(event_type, one, other):
    low, high = BOOK.magnitude([event_type] * 2, value=sorted([one, other]))
    assert MAGNITUDE_BOUNDS[0] <= low <= high <= MAGNITUDE_BOUNDS[1]


@given(with_money, st.floats(0.2, 1e8))
def test_ten_times_the_value_is_one_more(event_type, ratio):
    typical = TYPES.loc[event_type, "typical_value"]
    one, ten = BOOK.magnitude([event_type] * 2, value=[ratio * typical, 10 * ratio * typical])
    assert ten - one == pytest.approx(1.0)


@given(any_type, st.floats(0, 1e6), money)
def test_a_given_magnitude_wins(event_type, magnitude, value):
    assert BOOK.magnitude([event_type], [magnitude], [value]).tolist() == [magnitude]


@pytest.mark.parametrize(
    "column, number, rule",
    [
        ("magnitude", -1.0, "finite and at least 0"),
        ("magnitude", np.inf, "finite and at least 0"),
        ("value", 0.0, "finite and over 0"),
        ("value", -5.0, "finite and over 0"),
        ("value", np.inf, "finite and over 0"),
    ],
)
def test_impossible_numbers_are_refused(column, number, rule):
    with pytest.raises(CodebookError) as error:
        BOOK.magnitude(["arms.contract"] * 2, **{column: [np.nan, number]})
    assert str(error.value) == f"{column} {number} (position 1): a {column} is {rule}"
    assert error.value.code == f"{column}.invalid"


def test_text_is_not_a_number():
    with pytest.raises(CodebookError, match=r"^value: .*'\$5bn'") as error:
        BOOK.magnitude(["arms.contract"], value=["$5bn"])
    assert error.value.code == "value.not_number"


# looking types up


@pytest.mark.parametrize(
    "event_types, message",
    [
        (
            ["drill.joint", "drill.joints"],
            "1 of 2 rows: event type 'drill.joints' is not in codebook 1.0; "
            "nearest: drill.joint, drill.air, drill.staff",
        ),
        (
            ["Sanction.Lift"],
            "1 of 1 rows: event type 'Sanction.Lift' is not in codebook 1.0; "
            "nearest: sanction.lift, sanction.widen, sanction.impose",
        ),
        (
            ["zzz", "zzz"],
            "2 of 2 rows: event type 'zzz' is not in codebook 1.0; families: arms, defence, diplomacy, "
            "drill, economy, energy, force, pressure, sanction, technology, treaty",
        ),
        (
            ["defense.base"],
            "1 of 1 rows: event type 'defense.base' is another name of defence.base; "
            "map it with resolve_type first",
        ),
        ([None], "1 of 1 rows: event type is missing"),
        ([""], "1 of 1 rows: event type is missing"),
        ([3], "1 of 1 rows: event type is missing"),
    ],
)
@pytest.mark.parametrize("method", ["intensity", "persistence", "is_state", "magnitude"])
def test_an_unknown_type_is_an_error(method, event_types, message):
    with pytest.raises(CodebookError) as error:
        getattr(BOOK, method)(event_types)
    assert str(error.value) == message
    assert error.value.code == "type.unknown"


def test_an_unknown_scale_is_an_error():
    with pytest.raises(CodebookError) as error:
        BOOK.intensity(["drill.joint"], scale="gut")
    assert str(error.value) == "scale 'gut' is not known; use one of goldstein, plover"
    assert error.value.code == "scale.unknown"


@given(st.lists(any_type, max_size=20))
def test_every_container_gives_the_same_answer(names):
    expected = [TYPES.loc[name, "goldstein"] for name in names]
    for given_as in (list, pd.Series, pd.Index, pd.Categorical, lambda x: np.array(x, dtype=object)):
        assert BOOK.intensity(given_as(names) if names else []).tolist() == expected


def test_a_categorical_may_have_levels_it_does_not_use():
    data = pd.Categorical(["drill.joint"], categories=["not.a_type", "drill.joint"])
    assert BOOK.intensity(data).tolist() == [0.74]
    with pytest.raises(CodebookError, match="event type is missing"):
        BOOK.intensity(pd.Categorical([None], categories=["drill.joint"]))


def test_no_events_give_no_numbers():
    assert BOOK.intensity([]).shape == BOOK.magnitude([]).shape == BOOK.stage_fraction([], []).shape == (0,)


def test_columns_of_different_length_are_refused():
    with pytest.raises(CodebookError, match="1 stages for 2 rows"):
        BOOK.stage_fraction(["drill.joint"] * 2, [""])


@pytest.mark.parametrize("alias, event_type", BOOK.aliases[["alias", "event_type"]].to_numpy().tolist())
def test_an_alias_leads_to_a_type_and_is_none(alias, event_type):
    assert event_type in TYPES.index
    assert alias not in TYPES.index
    assert BOOK.resolve_type(alias) == event_type


def test_no_alias_is_a_plural():
    assert not any(alias.removesuffix("s") in TYPES.index for alias in BOOK.aliases["alias"])
    with pytest.raises(CodebookError, match=r"nearest: sanction\.lift") as error:
        BOOK.resolve_type("sanction.lifts")
    assert error.value.code == "type.unknown"


def test_many_names_are_resolved_with_notes():
    types, notes = BOOK.resolve_types(["drill.joint", "defense.base", "defense.base", "nonsense"])
    assert types.tolist() == ["drill.joint", "defence.base", "defence.base", ""]
    assert notes["count"].tolist() == [2, 1]
    assert notes["note"].tolist()[0] == "spelling of defence.base (since codebook 1.0)"
    assert notes["note"].tolist()[1].startswith("event type 'nonsense' is not in codebook 1.0")


# CAMEO


def test_each_cameo_code_is_mapped_or_refused():
    table = BOOK.cameo
    assert ((table["event_type"] == "") != (table["refusal"] == "")).all()
    assert (table["list"] == "gdelt").sum() == RULES["cameo_codes_in_gdelt_list"] == 310
    assert set(table["event_type"]) - {""} <= set(TYPES.index)
    assert table["code"].str.fullmatch(r"\d{2,4}").all()


@pytest.mark.parametrize("table", ["cameo", "plover"])
def test_no_machine_code_becomes_a_state_of_affairs(table):
    mapped = getattr(BOOK, table)["event_type"]
    assert not BOOK.is_state(mapped[mapped != ""]).any()


def test_cameo_codes_are_text():
    types, refused = BOOK.from_cameo(["10", "010", "43", None, "057"])
    assert types.tolist() == ["pressure.demand", "", "", "", "treaty.agreement"]
    assert refused["refusal"].tolist() == [
        "comment without an act toward the other side",
        "not a published CAMEO code",
        "no code given",
    ]
    with pytest.raises(CodebookError, match="CAMEO code 10 is not text") as error:
        BOOK.from_cameo([10, 57])
    assert error.value.code == "cameo.not_text"


def test_hosting_a_visit_swaps_the_sides():
    swapped = BOOK.cameo.query("swap == 'yes'")
    assert swapped["code"].tolist() == ["043"]
    assert BOOK.is_directed(swapped["event_type"]).all()


def test_refused_codes_are_counted():
    types, refused = BOOK.from_cameo(["141", "141", "163"])
    assert types.tolist() == ["", "", "sanction.impose"]
    assert refused[["code", "count"]].to_numpy().tolist() == [["141", 2]]


def test_the_two_goldstein_tables_differ_on_four_codes():
    stated = BOOK.cameo.query("gdelt != ''").set_index("code")
    assert stated["gdelt"].to_dict() == {"016": "-2", "022": "3.2", "164": "-7", "165": "-6.5"}
    assert stated["icews"].to_dict() == {"016": "-5", "022": "3.4", "164": "-6.5", "165": "-7"}
    assert (stated["event_type"] == "").all()
    assert not TYPES["goldstein_code"].isin(stated.index).any()


@needs_shared
def test_the_cameo_mapping_covers_the_published_list():
    lines = (SHARED / "cameo" / "CAMEO.eventcodes.txt").read_text(encoding="latin-1").splitlines()[1:]
    codes = {line.split("\t")[0] for line in lines}
    assert codes == set(BOOK.cameo.query("list == 'gdelt'")["code"])


@needs_shared
def test_intensities_equal_the_published_table():
    values = published_values()
    expected = [values[code] / 10 for code in TYPES["goldstein_code"]]
    assert TYPES["goldstein"].tolist() == pytest.approx(expected, abs=1e-12)


@needs_shared
def test_a_mapped_code_keeps_its_published_sign():
    values = published_values()
    mapped = BOOK.cameo[(BOOK.cameo["event_type"] != "") & BOOK.cameo["code"].isin(list(values))]
    products = BOOK.intensity(mapped["event_type"]) * mapped["code"].map(values).to_numpy()
    assert len(mapped) > 100
    assert (products > 0).all()


@needs_shared
def test_the_tables_differ_where_the_codebook_says_so():
    icews = pd.read_csv(SHARED / "icews" / "goldstein_mappings.csv", dtype=str, keep_default_na=False)
    other = {code: float(value) for code, value in zip(icews["code"], icews["goldstein"]) if value}
    ours = published_values()
    differ = {code: (ours[code], other[code]) for code in ours if code in other and ours[code] != other[code]}
    rows = BOOK.cameo.query("gdelt != ''")
    assert differ == {row.code: (float(row.gdelt), float(row.icews)) for row in rows.itertuples()}


# PLOVER


def test_each_plover_triple_is_mapped_or_refused():
    table = BOOK.plover
    assert ((table["event_type"] == "") != (table["refusal"] == "")).all()
    assert (table["context"] == "").sum() == RULES["plover_event_mode_pairs"] == 93
    assert table["event"].nunique() == 16
    pairs = set(zip(table["event"], table["mode"]))
    assert pairs == set(zip(*table.query("context == ''")[["event", "mode"]].to_numpy().T))


def test_the_first_known_context_decides():
    types, refused = BOOK.from_plover(
        ["AID", "AID", "AID", "SANCTION", "PROTEST", "CONSULT", "AID", None],
        ["", None, "", "withdraw", "demo", "visit", "tank", ""],
        ["military", "", "election; military", "diplomatic;military", "", "military", "", ""],
    )
    assert types.tolist() == [
        "arms.donation",
        "economy.aid",
        "arms.donation",
        "diplomacy.recall",
        "",
        "diplomacy.minister_visit",
        "",
        "",
    ]
    assert refused["event"].tolist() == ["PROTEST", "AID", ""]
    assert refused["refusal"].tolist()[1:] == ["not a PLOVER event and mode"] * 2
    assert BOOK.from_plover(["THREATEN"])[0].tolist() == ["pressure.threat"]


def test_accuse_is_hostile_in_spite_of_the_published_sign():
    accusing = TYPES[TYPES["plover_code"].str.startswith("ACCUSE")]
    assert "pressure.accusation" in accusing.index
    assert set(accusing["plover"]) == {-0.3}


@needs_shared
def test_the_plover_mapping_covers_the_published_lists():
    name = SHARED / "cameo" / "PLOVER_structured_codebook_updated.csv"
    codebook = pd.read_csv(name, dtype=str, keep_default_na=False)
    listed = set(zip(codebook["event"], codebook["mode"])) | {(event, "") for event in codebook["event"]}
    listed |= {(event, mode) for _, event, mode in published_crosswalk()}
    assert listed == set(zip(BOOK.plover["event"], BOOK.plover["mode"]))
    assert {code.split("/")[0] for code in TYPES["plover_code"]} <= set(codebook["event"])
    named = {tuple(code.split("/")) for code in TYPES["plover_code"] if "/" in code}
    assert named <= set(zip(codebook["event"], codebook["mode"]))


@needs_shared
def test_the_plover_scale_is_the_mean_over_the_conversion_table():
    values, by_event, by_mode = published_values(), defaultdict(dict), defaultdict(dict)
    for code, event, mode in published_crosswalk():
        if code in values:
            by_event[event][code] = values[code]
            by_mode[event, mode][code] = values[code]
    for row in TYPES.query("plover_basis != 'published value with its sign corrected'").itertuples():
        event, _, mode = row.plover_code.partition("/")
        of_mode = bool(mode) and (event, mode) in by_mode
        codes = by_mode[event, mode] if of_mode else by_event[event]
        assert row.plover == pytest.approx(sum(codes.values()) / len(codes) / 10, abs=5.1e-4), row.Index
        assert row.plover_basis.endswith("mode" if of_mode else "event"), row.Index


# the book itself


def test_the_same_book_is_returned_and_cannot_be_changed():
    assert load_codebook() is load_codebook()
    mine = BOOK.types
    mine.loc["drill.joint", "goldstein"] = -1.0
    assert BOOK.intensity(["drill.joint"]).tolist() == [0.74]
    with pytest.raises(AttributeError):
        BOOK.version = "2"
    for name in ("stages", "aliases", "cameo", "plover"):
        getattr(BOOK, name).pop(getattr(BOOK, name).columns[0])
        assert getattr(BOOK, name).columns[0] in ("event_type", "alias", "code", "event")


def test_lookups_do_not_change_or_need_writable_input():
    names = np.array(["drill.joint", "arms.contract"], dtype=object)
    values = np.array([np.nan, 5000.0])
    names.flags.writeable = values.flags.writeable = False
    assert BOOK.magnitude(names, None, values).tolist() == [1.0, 2.0]


def test_the_digest_follows_the_content():
    assert re.fullmatch(r"[0-9a-f]{64}", BOOK.digest)
    load_codebook.cache_clear()
    assert load_codebook().digest == BOOK.digest
    same = BOOK.with_types(BOOK.types.loc[["drill.joint"]])
    assert same.digest != BOOK.digest
    assert BOOK.with_types(BOOK.types.loc[["drill.joint"]]).digest == same.digest


def test_a_user_adds_and_replaces_types():
    own = pd.DataFrame(
        {
            "event_type": ["sport.match", "drill.joint"],
            "sign": "friendly",
            "kind": "act",
            "directed": ["no", "no"],
            "goldstein": [0.1, 0.5],
            "plover": [0.1, 0.5],
            "persistence": 0.05,
        }
    )
    before = own.copy()
    stages = pd.DataFrame({"event_type": ["sport.match"], "stage": ["draw"], "fraction": [0.5]})
    book = BOOK.with_types(own, stages)
    pd.testing.assert_frame_equal(own, before)
    assert book.version == "1.0+own"
    assert book.intensity(["sport.match", "drill.joint", "drill.air"]).tolist() == [0.1, 0.5, 0.74]
    assert book.family(["sport.match"]).tolist() == ["sport"]
    assert book.stage_fraction(["sport.match", "treaty.agreement"], ["draw", "signed"]).tolist() == [0.5, 0.6]
    assert book.magnitude(["sport.match"], value=[100.0]).tolist() == [1.0]
    assert len(book.types) == len(TYPES) + 1
    assert "sport.match" not in BOOK.types.index


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"goldstein": -0.5}, "column goldstein: -0.5 - an intensity is over 0 and at most 1 in size"),
        ({"plover": 0.0}, "column plover: 0.0 - an intensity is over 0"),
        ({"goldstein": np.nan}, "column goldstein: nan - an intensity is over 0"),
        ({"goldstein": "strong"}, "column goldstein: 'strong' - a number, or blank"),
        ({"persistence": 1.5}, "column persistence: 1.5 - a share between 0 and 1"),
        ({"kind": "state"}, "column standing: nan - a state of affairs needs one, 0 to 1"),
        ({"standing": 0.25}, "column standing: 0.25 - an act has none"),
        ({"sign": "kind"}, "column sign: 'kind' - friendly or hostile"),
        ({"directed": "maybe"}, "column directed: 'maybe' - yes or no"),
        ({"typical_value": -1.0}, "column typical_value: -1.0 - over 0 and finite, or blank"),
        (
            {"event_type": "Sport.Match"},
            "column event_type: 'Sport.Match' - a name is family.type in lower case",
        ),
    ],
)
def test_a_type_that_breaks_a_rule_is_refused(changes, message):
    good = {"event_type": "sport.match", "sign": "friendly", "kind": "act", "directed": "no"}
    good |= {"goldstein": 0.1, "plover": 0.1, "persistence": 0.05}
    with pytest.raises(CodebookError, match=re.escape(message)) as error:
        BOOK.with_types(pd.DataFrame([good | changes]))
    assert error.value.code == "type.invalid"


def test_missing_columns_are_named():
    with pytest.raises(CodebookError) as error:
        BOOK.with_types(pd.DataFrame({"event_type": ["a.b"], "sign": ["friendly"], "goldstein": [0.1]}))
    assert str(error.value) == "columns missing from the types: kind, directed, plover, persistence"


@pytest.mark.parametrize(
    "rows, message",
    [
        ([("drill.joint", "a", 0.7), ("drill.joint", "b", 0.7)], "the fractions of a type sum to at most 1"),
        ([("drill.joint", "a", -0.1)], "column fraction: -0.1 - over 0"),
        ([("drill.joint", "a", 0.1), ("drill.joint", "a", 0.1)], "a stage is listed once"),
        ([("drill.joint", "", 0.1)], "a stage has a name"),
        ([("no.type", "a", 0.1)], "not a type of this codebook"),
    ],
)
def test_stages_that_break_a_rule_are_refused(rows, message):
    stages = pd.DataFrame(rows, columns=["event_type", "stage", "fraction"])
    with pytest.raises(CodebookError, match=message):
        BOOK.with_types(BOOK.types.loc[["drill.joint"]], stages)


def test_the_codebook_is_cheap_to_import():
    script = "import sys, json, risk.codebook; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    loaded = json.loads(done.stdout)
    assert "risk.codebook" in loaded
    assert not [name for name in loaded if name.split(".")[0] in {"sklearn", "matplotlib", "scipy"}]
