"""What each recorded act puts on the books of a dyad: weight, sign, memory, and the days that open and close it."""

from risk.entries.books import open_books
from risk.entries.entry import MEASURE_TYPE, Books, Entries

__all__ = ["MEASURE_TYPE", "Books", "Entries", "open_books"]
