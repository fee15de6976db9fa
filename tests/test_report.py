"""The dossier as a reader meets it: all it must say, in every state of the record, in one file without a network."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

import risk
from risk.report import dossier

AS_OF = "2025-10-15"
SENTENCE = (
    "research output, not legal advice or screening; codes imply no view on legal status; accusations are "
    "attributed, never asserted"
)


class Page(HTMLParser):
    """Tags that never closed or closed out of turn, every address, and the text without its style."""

    VOID = ("meta", "img", "br")

    def __init__(self, text):
        super().__init__()
        self.open, self.faults, self.addresses, self.tags, self.said = [], [], [], set(), []
        self.feed(text)
        self.faults += self.open
        self.text = " ".join(" ".join(self.said).split())

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.addresses += [value for name, value in attrs if name in ("href", "src")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data):
        if not self.open or self.open[-1] != "style":
            self.said.append(data)


@pytest.fixture(scope="module")
def scorer():
    return risk.Scorer()


@pytest.fixture(scope="module")
def full(scorer):
    return Page(dossier(scorer, "VEN", "RUS", as_of=AS_OF))


@pytest.fixture(scope="module")
def empty(scorer):
    return Page(dossier(scorer, "URY", "ISL", as_of=AS_OF))


def test_everything_a_reader_must_find_is_there(scorer, full):
    one, exposed = scorer.alignment("VEN", "RUS", as_of=AS_OF), scorer.exposure("VEN", as_of=AS_OF)
    for text in (
        f"{one.value:+.3f}",
        f"{one.interval[0]:+.2f}",
        f"coverage: {one.coverage}",
        f"{exposed.F:.3f}",
        f"through partners {exposed.E:.3f}",
        "goldstein",
        "plover",
        one.contributions["title"].iloc[0],
        "What changed since 2024-10-15",
        "Over time",
        "Venezuela → China",
        scorer.recipe.digest,
        scorer.data_version,
        f"the record runs through {one.data_through:%Y-%m-%d}",
        one.cite(),
        exposed.cite(),
        "Corrections:",
        one.standing,
    ):
        assert text in full.text, text
    assert SENTENCE in full.text.lower()


@pytest.mark.parametrize("page", ["full", "empty"])
def test_the_page_stands_alone_and_is_well_formed(page, request):
    page = request.getfixturevalue(page)
    assert page.faults == []
    assert not page.tags & {"script", "link", "iframe", "object", "form"}
    assert all(
        address.startswith(("https://", "http://", "data:image/png;base64,")) for address in page.addresses
    )


def test_every_source_with_an_address_is_linked(scorer, full):
    shown = scorer.alignment("VEN", "RUS", as_of=AS_OF).contributions.head(20)
    assert set(shown.loc[shown["url"] != "", "url"]) <= set(full.addresses)


def test_every_measure_in_force_is_listed(scorer, full):
    measures = scorer.exposure("RUS", as_of=AS_OF).in_force
    assert f"Measures in force ({len(measures)})" in full.text
    assert all(authority in full.text for authority in measures["authority"])


def test_the_paths_shown_add_up(scorer, full):
    amounts = re.search(r"Through partners: ([0-9.]+), by path of ties Path Amount (.*?) Note:", full.text)
    told = [float(number) for number in re.findall(r" (0\.[0-9]{3})", amounts.group(2))]
    assert sum(told) == pytest.approx(float(amounts.group(1)), abs=0.0005 * (len(told) + 1))


def test_a_record_without_an_act_says_so_and_shows_no_empty_picture(empty):
    assert "so no score is given" in empty.text
    assert "not covered to not covered" not in empty.text
    assert "Neither day is covered" in empty.text
    assert "img" not in empty.tags
    assert "none against Uruguay" in empty.text


def test_the_heading_counts_what_one_act_made(scorer):
    page = Page(dossier(scorer, "KIR", "TWN", as_of="2019-12-31"))
    assert "rests on 1 act on record" in page.text
    assert page.faults == []


def test_nil_has_no_sign(full):
    assert "+0.0000" not in full.text
    assert "-0.0000" not in full.text
