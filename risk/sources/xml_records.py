"""
XML lists, record by record: the file is never held whole, nor a tree of it.

Refused: DOCTYPE (and with it every entity of the file's own), nesting deeper than 64, a file that stops early, a root
of another name, web pages. Names are taken without their namespace.
"""

from __future__ import annotations

import gzip
import hashlib
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from os import PathLike, fspath
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from risk.reading import Options, TableError
from risk.reading.files import digest_of, only_member
from risk.sources.feed import FeedError

__all__ = ["DEEPEST", "XmlRecords", "is_xml", "read_records", "texts"]

DEEPEST = 64
_CHUNK = 1 << 16
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_LEGACY = re.compile(rb"\s*<(!doctype html|html)", re.IGNORECASE)

Stream = IO[bytes] | gzip.GzipFile
Take = Callable[[Element], Sequence[str]]


@dataclass
class XmlRecords:
    """
    What was taken out of an XML file.

    Attributes
    ----------
    attributes : dict
        Of the root element.
    records : list of (tag, taken)
        In the order of the file.
    """

    name: str
    digest: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    records: list[tuple[str, Sequence[str]]] = field(default_factory=list)

    def of(self, *tags: str) -> list[Sequence[str]]:
        """What was taken from the records of some tags, in the order of the file."""
        return [taken for tag, taken in self.records if tag in tags]


def texts(element: Element, path: str) -> list[str]:
    """
    The texts at a path, without blank ones.

    Examples
    --------
    >>> from xml.etree.ElementTree import fromstring
    >>> texts(fromstring("<a><b>x </b><b/><b>y</b></a>"), "b")
    ['x', 'y']
    """
    found = ((entry.text or "").strip() for entry in element.iterfind(path))
    return [text for text in found if text]


def is_xml(path: str | PathLike[str]) -> bool:
    """Whether a file begins like XML, as the first bytes (unpacked) say; False where it cannot be opened."""
    try:
        with ExitStack() as stack:
            start = _opened(Path(fspath(path)), stack).read(200)
    except (
        OSError,
        EOFError,
        zlib.error,
        lzma.LZMAError,
        zipfile.BadZipFile,
        NotImplementedError,
        TableError,
    ):
        return False
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe<", b"\xfe\xff\0<"))


def read_records(
    path: str | PathLike[str], root: str, takes: Mapping[str, Take], options: Options
) -> XmlRecords:
    """
    Stream a file and take what is wanted of each record.

    Parameters
    ----------
    path : str or path
        Plain, gz, or a zip with one file.
    root : str
        Name the root element must have.
    takes : mapping of str to callable
        Name of a record's element -> what to keep of it. Records do not nest.
    options : Options
        ``max_bytes`` caps the file and what comes out of it, ``max_rows`` the records.

    Raises
    ------
    FeedError
        ``file.*`` as for tables, ``xml.doctype``, ``xml.depth``, ``xml.root``, ``xml.invalid``.
    """
    file = _named(path)
    parser = _Parser(file, root, takes, options)
    digest = hashlib.sha256()
    for chunk in _raw(file, options):
        digest.update(chunk)
    for chunk in _chunks(file, options):
        parser.feed(chunk, False)
    parser.feed(b"", True)
    parser.found.digest = digest.hexdigest()
    if digest_of(file) != parser.found.digest:
        raise FeedError(f"{file} was changed while it was read; read it again", "file.changed")
    return parser.found


class _Parser:
    """The handlers of one run: depth is watched everywhere, a tree is built only inside a record."""

    def __init__(self, file: Path, root: str, takes: Mapping[str, Take], options: Options):
        self.file, self.root, self.takes, self.limit = file, root, takes, options.max_rows
        self.found = XmlRecords(file.name)
        self.depth, self.inside = 0, 0
        self.builder: TreeBuilder | None = None
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.started = False

    def feed(self, chunk: bytes, final: bool) -> None:
        if not self.started and chunk:
            self.started = True
            if _LEGACY.match(chunk.removeprefix(b"\xef\xbb\xbf")):
                raise FeedError(f"{self.file} is a web page; was an error page saved?", "file.page")
        try:
            self.parser.Parse(chunk, final)
        except expat.ExpatError as reason:
            where = f"line {reason.lineno}, column {reason.offset}"
            if not self.started:
                raise FeedError(f"{self.file} is empty", "table.empty") from None
            if final or "no element found" in str(reason):
                raise FeedError(
                    f"{self.file} is damaged: it stops early, at {where}", "file.damaged"
                ) from None
            told = expat.ErrorString(reason.code)
            raise FeedError(
                f"{self.file} is not XML: {told}, {where}", "xml.invalid", reason.lineno
            ) from None

    def _doctype(self, *_: object) -> None:
        raise FeedError(f"{self.file} has a DOCTYPE; lists have none, so it is not read", "xml.doctype")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition("}")[2]
        self.depth += 1
        if self.depth > DEEPEST:
            line = self.parser.CurrentLineNumber
            raise FeedError(
                f"{self.file} is nested deeper than {DEEPEST} levels, line {line}", "xml.depth", line
            )
        if self.depth == 1:
            self._check_root(tag, attributes)
        elif self.builder is None and tag in self.takes:
            self.builder, self.inside = TreeBuilder(), self.depth
            self.parser.CharacterDataHandler = self.builder.data
        if self.builder is not None:
            self.builder.start(tag, {key.rpartition("}")[2]: value for key, value in attributes.items()})

    def _check_root(self, tag: str, attributes: dict[str, str]) -> None:
        if tag.lower() == "html":
            raise FeedError(f"{self.file} is a web page; was an error page saved?", "file.page")
        if tag != self.root:
            raise FeedError(f"{self.file}: the root element is {tag}, not {self.root}", "xml.root")
        self.found.attributes = dict(attributes)

    def _end(self, name: str) -> None:
        if self.builder is not None:
            self.builder.end(name.rpartition("}")[2])
            if self.depth == self.inside:
                record = self.builder.close()
                self.found.records.append((record.tag, self.takes[record.tag](record)))
                self.builder, self.parser.CharacterDataHandler = None, None
                if len(self.found.records) > self.limit:
                    raise FeedError(f"{self.file} has more than max_rows={self.limit}", "file.too_large")
        self.depth -= 1


def _named(path: str | PathLike[str]) -> Path:
    text = fspath(path)
    if _ADDRESS.match(text):
        advice = "download it with a fetch_... function, then read the file"
        raise FeedError(f"{text!r} is an address; {advice}", "file.address")
    file = Path(text).absolute()
    if file.is_dir():
        raise FeedError(f"{file} is a folder, not a file", "file.folder")
    if not file.exists():
        raise FeedError(f"{file} does not exist", "file.missing")
    return file


def _raw(file: Path, options: Options) -> Iterator[bytes]:
    try:
        with file.open("rb") as stream:
            yield from _capped(stream, file, options.max_bytes, "is larger than")
    except OSError as reason:
        raise FeedError(f"{file} cannot be read: {reason.strerror}", "file.unreadable") from reason


def _chunks(file: Path, options: Options) -> Iterator[bytes]:
    """The plain content, piece by piece."""
    try:
        with ExitStack() as stack:
            yield from _capped(_opened(file, stack), file, options.max_bytes, "unpacks to more than")
    except EOFError:
        raise FeedError(f"{file} is damaged: the packed data stops early", "file.damaged") from None
    except TableError as reason:
        raise FeedError(str(reason), reason.code) from reason
    except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError) as reason:
        raise FeedError(f"{file} is damaged: {reason}", "file.damaged") from reason
    except OSError as reason:
        raise FeedError(f"{file} cannot be read: {reason.strerror}", "file.unreadable") from reason


def _capped(stream: Stream, file: Path, cap: int, words: str) -> Iterator[bytes]:
    total = 0
    while chunk := stream.read(_CHUNK):
        total += len(chunk)
        if total > cap:
            raise FeedError(f"{file} {words} max_bytes={cap}", "file.too_large")
        yield chunk


def _opened(file: Path, stack: ExitStack) -> Stream:
    stream = stack.enter_context(file.open("rb"))
    mark = stream.read(4)
    stream.seek(0)
    if mark[:2] == b"\x1f\x8b":
        packed = gzip.GzipFile(fileobj=stream)
        stack.callback(packed.close)
        return packed
    if mark != b"PK\x03\x04":
        return stream
    archive = stack.enter_context(zipfile.ZipFile(stream))
    return stack.enter_context(archive.open(only_member(file, archive.infolist())))
