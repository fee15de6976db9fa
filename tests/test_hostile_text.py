"""Hostile text through every HTML path, plot and export: shown as text, never run."""

from __future__ import annotations

import html.parser
import re

import pandas as pd
import pytest

import risk
from risk.display import html_table
from risk.ledger import no_positions, no_sanctions, no_ties
from risk.report import dossier, web_address

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><script>alert(1)</script>",
    "{{ 7*7 }} {% raw %}",
    "<!-- --><iframe src='javascript:alert(1)'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[bold red]markup[/bold red] [link=file:///etc/passwd]x[/link]",
    "$\\frac{1}{0}$ and $unclosed",
    '=HYPERLINK("http://x","y")',
    "**bold** [a](javascript:alert(1)) `x`",
]


class Tags(html.parser.HTMLParser):
    """The tags and attributes a browser would see."""

    def __init__(self, page: str):
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name in ("href", "src")]


@pytest.fixture(scope="module")
def scorer() -> risk.Scorer:
    rows = [
        {
            "event_id": f"e{n}", "date": f"2024-01-{n + 1:02d}", "actor": "RUS", "recipient": "VEN",
            "event_type": "energy.contract", "title": text, "publisher": text, "source": text,
            "url": "javascript:alert(1)" if n % 2 else "https://example.org/\"><script>",
        }
        for n, text in enumerate(PAYLOADS)
    ]  # fmt: skip
    measures = [
        {
            "measure_id": f"m{n}", "sender": "USA", "target": "VEN", "instrument": "energy", "scope": "sectoral",
            "start": "2024-01-01", "authority": text, "title": text, "publisher": text, "source": text,
            "url": "data:text/html,x",
        }
        for n, text in enumerate(PAYLOADS)
    ]  # fmt: skip
    return risk.Scorer(pd.DataFrame(rows), pd.DataFrame(measures), ties=no_ties(), positions=no_positions())


def harmless(page: str) -> Tags:
    seen = Tags(page)
    assert not seen.tags & {"script", "iframe", "svg", "object", "embed", "form", "link", "base"}
    assert not [name for name in seen.attributes if name.startswith("on")]
    assert all(link.startswith(("https://", "http://", "data:image/png;base64,")) for link in seen.links), (
        seen.links
    )
    return seen


def test_notebook_tables_show_hostile_text_as_text(scorer):
    results = [
        scorer.alignment("VEN", "RUS", as_of="2024-06-01"),
        scorer.exposure("VEN", as_of="2024-06-01"),
        scorer.change("VEN", "RUS", start="2023-01-01", end="2024-06-01"),
        scorer.what_if("VEN", "RUS", as_of="2024-06-01", drop="e1"),
        scorer.needed("VEN", "RUS", as_of="2024-06-01", delta=0.1),
    ]
    for result in results:
        page = result._repr_html_()
        assert not harmless(page).tags & {"img", "a"}
        assert "\n" not in repr(result)


def test_the_dossier_shows_hostile_text_as_text(scorer):
    page = dossier(scorer, "VEN", "RUS", as_of="2024-06-01")
    harmless(page)
    assert "49" not in page.split("{{ 7*7 }}")[0][-5:]
    assert "{{ 7*7 }}" in page


def test_headings_and_captions_are_escaped():
    for text in PAYLOADS:
        assert not harmless(html_table([text], [[text]], text)).tags & {"img", "a"}


def test_reading_reports_are_escaped(tmp_path):
    file = tmp_path / "mine.csv"
    frame = pd.DataFrame(
        {
            "event_id": [f"e{n}" for n in range(len(PAYLOADS))],
            "date": PAYLOADS,
            "actor": PAYLOADS,
            "recipient": "VEN",
            "event_type": "energy.contract",
        }
    )
    frame.to_csv(file, index=False)
    reading = risk.read_events(file, errors="quarantine")
    assert len(reading.rejected) == len(PAYLOADS)
    assert not harmless(reading._repr_html_()).tags & {"img", "a"}


def test_plots_draw_hostile_text_without_reading_it(scorer):
    from matplotlib.figure import Figure

    figure = Figure()
    scorer.alignment("VEN", "RUS", as_of="2024-06-01").plot(ax=figure.add_subplot(2, 1, 1))
    scorer.exposure("VEN", as_of="2024-06-01").plot(
        axes=(figure.add_subplot(2, 2, 3), figure.add_subplot(2, 2, 4))
    )
    figure.savefig("/dev/null", format="png")
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert any("$unclosed" in label for label in labels)


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil",
        "https://",
        "https://a\u202eb",
        "ht\ntp://x",
    ],
)
def test_only_plain_web_addresses_become_links(text):
    assert web_address(text) == ""


def test_direction_changes_are_written_out(scorer):
    from risk.display import escape

    assert escape("a\u202eb\u200bc\x1b[31m") == "a\\u202eb\\u200bc\\u001b[31m"


def test_exports_are_not_formulas(tmp_path, scorer):
    result = scorer.alignment("VEN", "RUS", as_of="2024-06-01")
    folder = result.save(tmp_path / "bundle")
    text = (folder / "contributions.csv").read_text(encoding="utf-8")
    assert '"=HYPERLINK' not in text
    assert "'=HYPERLINK" in text
    assert {item.name for item in folder.iterdir()} == {
        "result.json", "contributions.csv", "events.csv", "sanctions.csv", "positions.csv", "ties.csv", "coverage.csv",
        "recipe.toml", "CITE.txt",
    }  # fmt: skip
    assert no_sanctions().empty


def test_a_table_of_a_result_keeps_days_whole_and_tells_severities_without_a_sign():
    page = risk.Scorer().exposure("VEN", as_of="2025-10-15")._repr_html_()
    assert re.search(r'<td style="text-align:left;white-space:nowrap">20\d\d-\d\d-\d\d</td>', page)
    assert re.search(r'<td style="text-align:right;white-space:nowrap">0\.\d{4}</td>', page)
    assert "parallel" in page
    assert "+0." not in page
