"""Tables brought from outside: files opened, cells checked, rows accepted or refused with a reason."""

from risk.reading.checks import check_table
from risk.reading.draft import Draft
from risk.reading.options import Options
from risk.reading.problems import Problems, RowError, TableError
from risk.reading.report import Note, Reading, Report
from risk.reading.schema import Column, Schema
from risk.reading.tables import read_table

__all__ = [
    "Column",
    "Draft",
    "Note",
    "Options",
    "Problems",
    "Reading",
    "Report",
    "RowError",
    "Schema",
    "TableError",
    "check_table",
    "read_table",
]
