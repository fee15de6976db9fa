"""
One good file for each form that each reader reads.

A reader joins the tests of bad files and of mutations by a line here: the reader, a good file of its own as text, the
file's name. ``header``: lines before the first row; ``needed``: place of a column that it cannot do without.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import dataset_files as sets
import feed_files as good
import list_files as lists

from risk import sources


@dataclass(frozen=True)
class Case:
    """A reader and a good file for it; ``header``: lines before the first row, ``needed``: place of a needed column."""

    name: str
    text: str
    file: str
    header: int = 1
    delimiter: str = "\t"
    encoding: str = "utf-8"
    needed: int = 0

    @property
    def read(self) -> Callable:
        return getattr(sources, self.name)


CASES = [
    Case("read_gdelt", good.GDELT_2, "20260810093000.export.CSV", header=0),
    Case("read_icews", good.ICEWS_RAW, "events.2014.tab"),
    Case("read_icews", good.ICEWS_RAW.replace("\t", ","), "events.2014.csv", delimiter=","),
    Case("read_icews", good.ICEWS_SHORT, "icews.txt", header=0),
    Case("read_polecat", good.POLECAT, "ngecEvents.DV.2020.txt"),
    Case("read_phoenix", good.PHOENIX_DAILY, "events.full.20140620.txt", header=0),
    Case("read_phoenix", good.PHOENIX_HISTORICAL, "PhoenixNYT_1945-2005.csv", delimiter=","),
    Case("read_sipri", sets.SIPRI, "trade_register.csv", header=7, delimiter=",", encoding="latin-1"),
    Case(
        "read_sipri", sets.SIPRI_DELIVERIES, "trade-register.csv", delimiter=",", encoding="latin-1", needed=1
    ),
    Case("read_exercises", sets.EXERCISES, "mme_v7.csv", delimiter=","),
    Case("read_alliances", sets.ATOP, "atop5_0dy.csv", delimiter=","),
    Case("read_alliances", sets.COW, "alliance_v4.1_by_directed_yearly.txt", delimiter=","),
    Case("read_trade_agreements", sets.DESTA, "desta.csv", delimiter=";"),
    Case("read_trade_agreements", sets.DESTA_DYADS.replace(",", ";"), "dyads.csv", delimiter=";", needed=4),
    Case("read_nuclear_agreements", sets.NUCLEAR, "nca.csv", delimiter=","),
    Case("read_gsdb", sets.GSDB, "gsdb.csv", delimiter=","),
    Case("read_ties", sets.TIES, "TIESv4.csv", delimiter=","),
    Case("read_eusanct", sets.EUSANCT, "EUSANCT_case_level.csv", delimiter=","),
    Case("read_ofac", lists.OFAC_ROWS, "SDN.CSV", header=0, delimiter=","),
    Case("read_ofac", lists.OFAC_PLAIN, "sdn.csv", delimiter=","),
    Case("read_ofac", lists.OFAC_CHANGES, "sdn_changes.csv", delimiter=","),
    Case("read_eu_list", lists.EU_CSV, "eu.csv", delimiter=";"),
    Case("read_uk_list", lists.UK_CSV, "ConList.csv", header=2, delimiter=","),
    Case("read_uk_list", lists.UKSL_CSV, "UK-Sanctions-List.csv", header=2, delimiter=",", needed=1),
    Case("read_programmes", lists.PROGRAMMES, "programmes.csv", delimiter=","),
    Case("read_executive_orders", lists.ORDERS_BY_NUMBER, "orders.csv", delimiter=","),
    Case("read_gge", lists.GGE, "gge.csv", delimiter=","),
    Case("read_trade_shares", lists.TRADE, "shares.csv", delimiter=","),
    Case("read_roll_calls", lists.VOTES_WITH_CALLS, "UNVotes.csv", delimiter=",", needed=1),
    Case("read_roll_call_list", lists.ROLL_CALLS, "roll_calls.csv", delimiter=","),
]


_ORDER = {
    "document_number": "2015-05677", "subtype": "Executive Order", "publication_date": "2015-03-11",
    "signing_date": "2015-03-08", "title": "Made-up title", "executive_order_number": 13692,
    "html_url": "https://example.org/1",
}  # fmt: skip
OTHER_FORMS = [
    Case("read_ofac", lists.ofac_xml(lists.OFAC_ENTRIES, 3), "sdn.xml", delimiter="<"),
    Case("read_eu_list", lists.EU_XML, "eu.xml", delimiter="<"),
    Case("read_un_list", lists.UN_XML, "un.xml", delimiter="<"),
    Case("read_uk_list", lists.UKSL_XML, "uk.xml", delimiter="<"),
    Case(
        "read_executive_orders", json.dumps({"count": 1, "results": [_ORDER]}), "orders.json", delimiter=","
    ),
    Case("read_roll_calls", lists.VOTES, "votes.csv", delimiter=","),
]
"""Forms that are no table with a line a row, or that need a second file to be read whole."""
