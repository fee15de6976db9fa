"""Small files of the event feeds in their publishers' documented forms, written by us: made-up records."""

from __future__ import annotations

# name: (GDELT 1.0 position, GDELT 2.0 position), from the publisher's list of columns
_GDELT = {
    "id": (0, 0), "day": (1, 1), "a": (5, 5), "a_country": (7, 7), "a_group": (8, 8), "a_role": (12, 12),
    "b": (15, 15), "b_country": (17, 17), "b_group": (18, 18), "b_role": (22, 22), "code": (26, 26),
    "goldstein": (30, 30), "mentions": (31, 31), "sources": (32, 32), "articles": (33, 33), "a_place": (37, 37),
    "b_place": (44, 45), "added": (56, 59), "url": (57, 60),
}  # fmt: skip


def gdelt_row(version: int, **cells: str) -> str:
    """One row of GDELT 1.0 (58 columns) or 2.0 (61), the cells not named being empty."""
    row = [""] * (58 if version == 1 else 61)
    filled = {"id": "1", "day": "20140301", "sources": "1", "added": "20140302", **cells}
    if version == 2 and len(filled["added"]) == 8:
        filled["added"] += "101500"
    for name, text in filled.items():
        row[_GDELT[name][version - 1]] = text
    return "\t".join(row)


def side(which: str, country: str = "", role: str = "", group: str = "") -> dict[str, str]:
    """Cells of one side of a GDELT row: the full code and its parts."""
    return {
        which: country + group + role,
        f"{which}_country": country,
        f"{which}_role": role,
        f"{which}_group": group,
    }


def gdelt(version: int) -> str:
    """
    Thirteen rows: five events (one told by three rows of the first two days), and each reason to refuse one.

    The rows 1, 2 and 3 are one meeting; row 3 was added two days late.
    """
    meeting = {"code": "040", "day": "20140301"}
    rows = [
        gdelt_row(
            version,
            id="101",
            **side("a", "RUS"),
            **side("b", "CHN", "GOV"),
            **meeting,
            url="https://example.org/1",
        ),
        gdelt_row(version, id="102", **side("a", "CHN"), **side("b", "RUS"), **meeting, sources="2"),
        gdelt_row(version, id="103", **side("a", "RUS"), **side("b", "CHN"), **meeting, added="20140304"),
        gdelt_row(version, id="104", **side("a", "ROM"), **side("b", "USA", "MIL"), code="043"),
        gdelt_row(version, id="105", **side("a", "RUS", "MIL"), **side("b", "UKR"), code="190", sources="9"),
        gdelt_row(version, id="106", **side("a", "GZS"), **side("b", "EGY"), code="057"),
        gdelt_row(version, id="107", **side("a", "RUS"), **side("b", "USA"), code="10"),
        gdelt_row(version, id="108", **side("a", "RUS"), **side("b", "USA"), code="010"),
        gdelt_row(version, id="109", **side("a", "USA"), **side("b", "USA", "LEG"), code="111"),
        gdelt_row(version, id="110", **side("a", "EUR"), **side("b", "USA"), code="040"),
        gdelt_row(version, id="111", **side("a", "", "GOV"), **side("b", "FRA"), code="040", a_place="CH"),
        gdelt_row(version, id="112", **side("a", "DEU"), **side("b", "XQZ"), code="040"),
        gdelt_row(version, id="113", **side("a", "DEU"), **side("b", "", group="NAT"), code="040"),
    ]
    return "\n".join(rows) + "\n"


GDELT_1, GDELT_2 = gdelt(1), gdelt(2)

_ICEWS = (
    "Event ID|Event Date|Source Name|Source Sectors|Source Country|Event Text|CAMEO Code|Intensity|Target Name|"
    "Target Sectors|Target Country|Story ID|Sentence Number|Publisher|City|District|Province|Country|Latitude|Longitude"
).split("|")


def icews_row(record: str, actor: tuple, text: str, code: str, target: tuple, paper: str) -> str:
    """One row of the raw form; a side is (name, sectors, country)."""
    cells = dict.fromkeys(_ICEWS, "")
    cells |= {"Event ID": record, "Event Date": "2014-05-07", "Event Text": text, "CAMEO Code": code}
    cells |= dict(zip(("Source Name", "Source Sectors", "Source Country"), actor))
    cells |= dict(zip(("Target Name", "Target Sectors", "Target Country"), target))
    return "\t".join((cells | {"Intensity": "1.0", "Story ID": "9", "Publisher": paper}).values())


_ENVOY = ("Foreign Affairs (Bangladesh)", "Executive;Foreign Ministry;Government", "Bangladesh")
_HANOI = ("Vietnam", "", "Vietnam")
_CROWD = ("Citizen (India)", "General Population / Civilian / Social;Social", "India")
ICEWS_RAW = (
    "\n".join(
        [
            "\t".join(_ICEWS),
            icews_row("1", _ENVOY, "Consult", "040", _HANOI, "First Paper"),
            icews_row("2", _HANOI, "Consult", "040", _ENVOY, "First Paper"),
            icews_row("3", _HANOI, "Consult", "40", _ENVOY, "Second Paper"),
            icews_row(
                "4", ("Congo", "", "Congo"), "Make a visit", "42", ("France", "NULL", "France"), "First Paper"
            ),
            icews_row(
                "5", _CROWD, "Demonstrate or rally", "141", ("Pakistan", "", "Pakistan"), "First Paper"
            ),
            icews_row(
                "6",
                ("Pope Francis", "", "NULL"),
                "Praise or endorse",
                "051",
                ("Cuba", "", "Cuba"),
                "First Paper",
            ),
        ]
    ).replace("Executive;Foreign Ministry;Government", "Government")
    + "\n"
)

ICEWS_SHORT = (
    "Foreign Affairs (Bangladesh)\tConsult\tVietnam\t2014-05-07\n"
    "Vietnam\tConsult\tForeign Affairs (Bangladesh)\t2014-05-07\n"
    "Congo\tMake a visit\tDemocratic Republic of Congo\t2014-05-08\n"
    "France\tHost a visit\tGovernment (Holy See (Vatican City State))\t2014-05-09\n"
    "Member of Legislative (Govt) (Nigeria)\tThreaten\tCameroon\t2014-05-09\n"
    "Citizen (India)\tAccuse\tPakistan\t2014-05-10\n"
    "Barack Obama\tConsult\tGermany\t2014-05-10\n"
    "Militant (Boko Haram)\tThreaten\tNigeria\t2014-05-10\n"
    "China\tMake statement\tJapan\t2014-05-11\n"
    "European Union\tConsult\tUkraine\t2014-05-11\n"
    "China\tDance with\tJapan\t2014-05-12\n"
)

_POLECAT = (
    "Event ID|Event Date|Event Type|Event Mode|Event Intensity|Quad Code|Contexts|Actor Name|Actor Country|Actor COW|"
    "Primary Actor Sector|Actor Sectors|Actor Title|Actor Name Raw|Wikipedia Actor ID|Recipient Name|Recipient Country|"
    "Recipient COW|Primary Recipient Sector|Recipient Sectors|Recipient Title|Recipient Name Raw|"
    "Wikipedia Recipient ID|Placename|City|District|Province|Country|Latitude|Longitude|GeoNames ID|"
    "Raw Placename|Feature Type|Source|Publication Date|Story People|Story Organizations|Story Locations|"
    "Language|Version"
).split("|")


def polecat_row(
    record: str, act: tuple[str, str, str], actor: tuple[str, str], recipient: tuple[str, str], **more: str
):
    """One row of a yearly file; an act is (type, mode, contexts), a side (country, sector)."""
    cells = dict.fromkeys(_POLECAT, "None")
    cells |= {
        "Event ID": record,
        "Event Date": "2020-02-03",
        "Publication Date": "2020-02-04",
        "Source": "Agency",
    }
    cells |= dict(zip(("Event Type", "Event Mode", "Contexts"), act))
    cells |= {"Actor Country": actor[0], "Primary Actor Sector": actor[1]}
    cells |= {"Recipient Country": recipient[0], "Primary Recipient Sector": recipient[1]}
    return "\t".join((cells | more).values())


_VISIT = ("CONSULT", "visit", "diplomatic;economic")
POLECAT = "\n".join(
    [
        "\t".join(_POLECAT),
        polecat_row("p1", _VISIT, ("RUS", "GOV"), ("VEN", "None")),
        polecat_row("p2", _VISIT, ("RUS", "GOV"), ("VEN", "GOV"), Source="Other Paper"),
        polecat_row("p3", ("AID", "None", "humanitarian"), ("USA", "GOV"), ("COL", "GOV")),
        polecat_row("p4", ("ASSAULT", "aerial", "military"), ("ISR", "MIL"), ("SYR", "MIL")),
        polecat_row("p5", _VISIT, ("RUS;CHN", "GOV"), ("VEN", "GOV")),
        polecat_row("p6", ("PROTEST", "demo", "None"), ("USA", "GOV"), ("VEN", "GOV")),
        polecat_row("p7", _VISIT, ("RUS", "CVL"), ("VEN", "GOV")),
        polecat_row("p8", ("CONSULT", "seance", "None"), ("RUS", "GOV"), ("VEN", "GOV")),
        polecat_row("p9", _VISIT, ("None", "GOV"), ("VEN", "GOV")),
    ]
) + "\n"  # fmt: skip

_PHOENIX = {
    "id": 0,
    "date": 1,
    "year": 2,
    "month": 3,
    "day": 4,
    "a": 5,
    "b": 9,
    "code": 13,
    "root": 14,
    "urls": 24,
    "by": 25,
}


def phoenix_row(**cells: str) -> str:
    """One row of a daily file, of 26 columns."""
    row = [""] * 26
    filled = {"date": "20140620", "year": "2014", "month": "6", "day": "20", "by": "afp", **cells}
    for name, text in filled.items():
        row[_PHOENIX[name]] = text
    return "\t".join(row)


PHOENIX_DAILY = "\n".join(
    [
        phoenix_row(id="1", a="USAGOV", b="IRQ", code="0333", root="03", urls="https://example.org/a;https://example.org/b"),
        phoenix_row(id="2", a="RUSMIL", b="UKRMIL", code="190", root="19"),
        phoenix_row(id="3", a="SYRREB", b="SYRGOV", code="190", root="19"),
        phoenix_row(id="4", a="IGOUNO", b="SYRGOV", code="040", root="04"),
        phoenix_row(id="5", a="---GOV", b="SYRGOV", code="040", root="04"),
        phoenix_row(id="6", a="EUR", b="RUS", code="040", root="04"),
    ]
) + "\n"  # fmt: skip

PHOENIX_HISTORICAL = (
    "eid,story_date,year,month,day,source,source_root,source_agent,source_others,target,target_root,target_agent,"
    "target_others,code,root_code,quad_class,goldstein,joined_issues,lat,lon,placename,statename,countryname,aid,process\n"
    "NYT1,3/24/1999,1999,3,24,USAMIL,USA,MIL,,SRB,SRB,,,195,19,4,-10,,,,,,,77,DJ\n"
    "NYT2,11/2/1985,1985,11,2,USAGOV,USA,GOV,,RUSGOV,RUS,GOV,,40,4,1,1,,,,,,,78,DJ\n"
    "NYT3,11/2/1985,1985,11,2,USAGOV,USA,GOV,,RUSGOV,RUS,GOV,,10,1,1,0,,,,,,,79,DJ\n"
)
