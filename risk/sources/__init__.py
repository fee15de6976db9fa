"""Outside data as our tables: one reader per publisher, each ``read_<source>(path) -> Reading``. No network."""

from __future__ import annotations

from importlib import import_module

_HOME = {
    "count_by_day": "risk.sources.entities",
    "count_entities": "risk.sources.entities",
    "fetch_eu_list": "risk.sources.fetch",
    "fetch_file": "risk.sources.fetch",
    "fetch_ofac": "risk.sources.fetch",
    "fetch_uk_list": "risk.sources.fetch",
    "fetch_un_list": "risk.sources.fetch",
    "FetchError": "risk.sources.fetch",
    "pairs": "risk.sources.cases",
    "read_alliances": "risk.sources.alliances",
    "read_eu_list": "risk.sources.eu_list",
    "read_eusanct": "risk.sources.eusanct",
    "read_executive_orders": "risk.sources.executive_orders",
    "read_exercises": "risk.sources.exercises",
    "read_gdelt": "risk.sources.gdelt",
    "read_gge": "risk.sources.gge",
    "read_gsdb": "risk.sources.gsdb",
    "read_icews": "risk.sources.icews",
    "read_nuclear_agreements": "risk.sources.nuclear_agreements",
    "read_ofac": "risk.sources.ofac",
    "read_phoenix": "risk.sources.phoenix",
    "read_polecat": "risk.sources.polecat",
    "read_programmes": "risk.sources.programmes",
    "read_roll_call_list": "risk.sources.roll_calls",
    "read_roll_calls": "risk.sources.roll_calls",
    "read_sipri": "risk.sources.sipri",
    "read_ties": "risk.sources.ties",
    "read_trade_agreements": "risk.sources.trade_agreements",
    "read_trade_shares": "risk.sources.trade_shares",
    "read_uk_list": "risk.sources.uk_list",
    "read_un_list": "risk.sources.un_list",
}

__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module 'risk.sources' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__():
    return __all__
