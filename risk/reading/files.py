"""A file as bytes: what is refused before a cell is read, caps while unpacking, and its fingerprint."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path

from risk.reading.options import Options
from risk.reading.problems import TableError

__all__ = ["Payload", "digest_of", "only_member", "open_payload"]

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")  # a Path turns // into /; one letter is a drive
_CHUNK = 1 << 20
_PAGE = re.compile(rb"\s*<[!?a-z]", re.IGNORECASE)
_NOT_TEXT = {
    b"%PDF-": "a PDF",
    b"\xd0\xcf\x11\xe0": "an Office file of before 2007; save it as xlsx or csv",
    b"SQLite format 3": "an SQLite database",
    b"PAR1": "Parquet; name it .parquet",
    b"version https://git-lfs": "a pointer of Git LFS, not the file it stands for; run git lfs pull",
    b"BZh": "packed by bzip2; pack it as gz or zip",
    b"\xfd7zXZ": "packed by xz; pack it as gz or zip",
    b"\x28\xb5\x2f\xfd": "packed by zstd; pack it as gz or zip",
}
_TEXT = (".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", "")


@dataclass(frozen=True)
class Payload:
    """
    The plain content of a file.

    Attributes
    ----------
    name : str
        File name; of a zip, the member's.
    suffix : str
        Lower case, of the plain file, as in ``.csv``.
    content : bytes
    digest : str
        SHA-256 of the file as it lies on the disk.
    """

    path: Path
    name: str
    suffix: str
    content: bytes
    digest: str


def open_payload(path: str | PathLike[str], options: Options) -> Payload:
    """
    Read a file whole, unpack gzip or a one-file zip in memory, and refuse what is no table.

    Parameters
    ----------
    path : str or path
        Never an address.
    options : Options
        ``max_bytes`` caps the file and what comes out of it.

    Returns
    -------
    Payload

    Raises
    ------
    TableError
        ``file.*`` codes; nothing is written to the disk.

    Examples
    --------
    >>> open_payload("https://example.org/events.csv", Options())
    Traceback (most recent call last):
    risk.reading.problems.TableError: 'https://example.org/events.csv' is an address; download it with a ...
    """
    text = fspath(path)
    if isinstance(text, bytes):
        raise TypeError("the path is bytes; give it as text")
    if "\0" in text:
        raise TableError(f"{text!r} is no path: it holds a NUL character", "file.missing")
    if _ADDRESS.match(text):
        reason = "download it with a fetch_... function, then read the file"
        raise TableError(f"{text!r} is an address; {reason}", "file.address")
    file = Path(text).absolute()
    packed = _read(file, options.max_bytes)
    if not packed:
        raise TableError(f"{file} is empty", "table.empty")
    digest = hashlib.sha256(packed).hexdigest()
    name, content = _unpacked(file, packed, options.max_bytes)
    suffix = Path(name).suffix.lower()
    _refuse_other_kinds(file, suffix, content)
    return Payload(file, name, suffix, content, digest)


def digest_of(path: Path) -> str:
    """SHA-256 of a file as it is now."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read(file: Path, cap: int) -> bytes:
    try:
        if file.is_dir():
            raise TableError(f"{file} is a folder, not a file", "file.folder")
        with file.open("rb") as stream:
            content = stream.read(cap + 1)
    except FileNotFoundError:
        raise TableError(f"{file} does not exist", "file.missing") from None
    except OSError as reason:
        raise TableError(f"{file} cannot be read: {reason.strerror}", "file.unreadable") from reason
    if len(content) > cap:
        raise TableError(f"{file} is larger than max_bytes={cap}", "file.too_large")
    return content


def _unpacked(file: Path, packed: bytes, cap: int) -> tuple[str, bytes]:
    if packed[:2] == b"\x1f\x8b":
        name = file.stem if file.suffix.lower() == ".gz" else file.name
        return name, _gunzip(file, packed, cap)
    if packed[:4] in (b"PK\x03\x04", b"PK\x05\x06") and file.suffix.lower() != ".xlsx":
        return _member(file, packed, cap)
    if packed[:4] == b"PK\x03\x04":
        _refuse_bomb(file, packed, cap)
    return file.name, packed


def _gunzip(file: Path, packed: bytes, cap: int) -> bytes:
    source, parts, total = io.BytesIO(packed), [], 0
    unpacker = zlib.decompressobj(wbits=31)
    try:
        while chunk := unpacker.unconsumed_tail or unpacker.unused_data or source.read(_CHUNK):
            if unpacker.eof:
                unpacker = zlib.decompressobj(wbits=31)
            parts.append(unpacker.decompress(chunk, _CHUNK))
            total += len(parts[-1])
            if total > cap:
                raise TableError(f"{file} unpacks to more than max_bytes={cap}", "file.too_large")
    except zlib.error as reason:
        raise TableError(f"{file} is damaged: {reason}", "file.damaged") from reason
    if not unpacker.eof:
        raise TableError(f"{file} is damaged: the packed data stops early", "file.damaged")
    return b"".join(parts)


def _members(file: Path, packed: bytes) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(packed))
    except Exception as reason:  # zipfile lets errors of struct, seek and text through
        raise TableError(f"{file} is damaged: {reason}", "file.damaged") from reason
    return archive, archive.infolist()


def only_member(file: Path, members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """The one file that a zip may hold: plain, under a plain name, without a password."""
    if len(members) != 1:
        names = ", ".join(member.filename for member in members[:5])
        raise TableError(
            f"{file} holds {len(members)} files ({names}); one plain file is needed", "file.members"
        )
    member = members[0]
    name = member.filename
    if member.is_dir() or name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name:
        raise TableError(f"{file} holds {name!r}, which is not a plain file name", "file.members")
    if member.flag_bits & 1:
        raise TableError(f"{file} is protected by a password", "file.unreadable")
    return member


def _member(file: Path, packed: bytes, cap: int) -> tuple[str, bytes]:
    archive, members = _members(file, packed)
    member = only_member(file, members)
    try:
        with archive.open(member) as stream:
            content = stream.read(cap + 1)
    except Exception as reason:  # and those of every packer
        raise TableError(f"{file} is damaged: {reason}", "file.damaged") from reason
    if len(content) > cap:
        raise TableError(f"{file} unpacks to more than max_bytes={cap}", "file.too_large")
    return Path(member.filename).name, content


def _refuse_bomb(file: Path, packed: bytes, cap: int) -> None:
    if sum(member.file_size for member in _members(file, packed)[1]) > cap:
        raise TableError(f"{file} unpacks to more than max_bytes={cap}", "file.too_large")


def _refuse_other_kinds(file: Path, suffix: str, content: bytes) -> None:
    """What the first bytes give away: saved error pages, other formats under a wrong name."""
    head = content[:1024].removeprefix(b"\xef\xbb\xbf")
    if _PAGE.match(head):
        raise TableError(f"{file} is a web page or XML, not a table; was an error page saved?", "file.page")
    if suffix in _TEXT:
        kind = next((kind for mark, kind in _NOT_TEXT.items() if head.startswith(mark)), "")
        if "json" not in suffix and head.lstrip()[:2] in (b"[{", b'{"'):
            kind = "JSON; name it .json or .jsonl"
        if kind:
            raise TableError(f"{file} is {kind}", "file.kind")
    elif suffix in (".gz", ".zip"):
        raise TableError(f"{file} is named {suffix} but is not packed so", "file.damaged")
