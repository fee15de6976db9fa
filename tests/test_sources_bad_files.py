"""Every reader against every kind of bad file."""

from __future__ import annotations

import gzip
import socket
import zipfile

import pytest
from reader_cases import CASES, Case

from risk.reading import TableError


@pytest.fixture(params=CASES, ids=lambda case: f"{case.name[5:]}-{case.file.split('.')[-1]}-{case.header}")
def case(request) -> Case:
    return request.param


@pytest.fixture
def file(case, tmp_path):
    return tmp_path / case.file


def refusal(case: Case, path, **options) -> TableError:
    with pytest.raises(TableError) as caught:
        case.read(path, **options)
    return caught.value


def lines(case: Case) -> list[str]:
    return case.text.rstrip("\n").split("\n")


def test_the_good_file_is_good(case, file):
    file.write_text(case.text, encoding=case.encoding)
    reading = case.read(file)
    assert reading.report.accepted
    assert reading.report.rows_read == reading.report.accepted + reading.report.rejected
    assert reading.report.rows_read == len(lines(case)) - case.header


@pytest.mark.parametrize("packed", ["gz", "zip"])
def test_packed_files_are_unpacked(case, file, packed):
    path = file.with_name(f"{file.name}.{packed}")
    if packed == "gz":
        path.write_bytes(gzip.compress(case.text.encode(case.encoding)))
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(file.name, case.text.encode(case.encoding))
    file.write_text(case.text, encoding=case.encoding)
    assert case.read(path).table.equals(case.read(file).table)


def test_empty(case, file):
    file.write_bytes(b"")
    assert refusal(case, file).code == "table.empty"


def test_header_only(case, file):
    if not case.header:
        pytest.skip("a form without header")
    file.write_text("\n".join(lines(case)[: case.header]) + "\n", encoding=case.encoding)
    assert refusal(case, file).code == "table.empty"


def test_utf_16(case, file):
    file.write_text(case.text, encoding="utf-16")
    assert refusal(case, file).code == "file.encoding"


def test_a_nul_byte_is_an_error_of_its_row(case, file):
    rows = lines(case)
    cells = rows[case.header].split(case.delimiter)
    cells[case.needed] += "\0"
    rows[case.header] = case.delimiter.join(cells)
    file.write_text("\n".join(rows) + "\n", encoding=case.encoding)
    error = refusal(case, file)
    assert error.row == case.header + 1
    kept = case.read(file, errors="quarantine")
    assert case.header + 1 in set(kept.rejected["row"])


def test_a_byte_order_mark_is_taken_off(case, file):
    if case.encoding != "utf-8":
        pytest.skip(f"written in {case.encoding}, which has none")
    file.write_text(case.text, encoding="utf-8-sig")
    reading = case.read(file)
    assert "file.bom" in {note.code for note in reading.report.notes}


def test_latin_1_names_the_line(case, file):
    if case.encoding != "utf-8":
        pytest.skip(f"written in {case.encoding}")
    rows = lines(case)
    rows[-1] += "é"
    file.write_text("\n".join(rows) + "\n", encoding="latin-1")
    error = refusal(case, file)
    assert (error.code, error.row) == ("file.encoding", len(rows))


def test_truncated_packed_file(case, file):
    path = file.with_name(f"{file.name}.gz")
    path.write_bytes(gzip.compress(case.text.encode(case.encoding))[:-12])
    assert refusal(case, path).code == "file.damaged"


def test_truncated_text(case, file):
    file.write_text(case.text.rstrip("\n").rsplit(case.delimiter, 1)[0], encoding=case.encoding)
    error = refusal(case, file)
    assert error.code == "row.ragged"
    assert error.row == len(lines(case))


def test_html_page(case, file):
    file.write_text("<!DOCTYPE html><html><body>404</body></html>")
    assert refusal(case, file).code == "file.page"


def test_ragged_row(case, file):
    rows = lines(case)
    rows.insert(case.header + 1, rows[case.header] + case.delimiter + "more")
    file.write_text("\n".join(rows) + "\n", encoding=case.encoding)
    error = refusal(case, file)
    assert error.code == "row.ragged"
    assert error.row == case.header + 2
    kept = case.read(file, errors="quarantine")
    assert kept.report.rows_read == len(rows) - case.header
    assert kept.rejected.loc[kept.rejected["row"] == case.header + 2, "code"].tolist() == ["row.ragged"]


def test_missing_column(case, file):
    cut = [row.split(case.delimiter) for row in lines(case)]
    cut = [row[: case.needed] + row[case.needed + 1 :] for row in cut]
    file.write_text("\n".join(case.delimiter.join(row) for row in cut) + "\n", encoding=case.encoding)
    assert refusal(case, file).code in ("column.missing", "file.columns")


def test_repeated_header(case, file):
    if not case.header:
        pytest.skip("a form without header")
    rows = lines(case)
    file.write_text("\n".join([*rows, rows[case.header - 1]]) + "\n", encoding=case.encoding)
    error = refusal(case, file)
    assert (error.code, error.row) == ("row.header", len(rows) + 1)


def test_folder(case, tmp_path):
    assert refusal(case, tmp_path).code == "file.folder"


def test_missing_file(case, file):
    assert refusal(case, file).code == "file.missing"
    assert str(file) in str(refusal(case, file))


def test_gzip_bomb(case, file):
    path = file.with_name(f"{file.name}.gz")
    path.write_bytes(gzip.compress(case.text.encode(case.encoding) * 200))
    error = refusal(case, path, max_bytes=len(case.text) * 20)
    assert error.code == "file.too_large"
    assert "max_bytes" in str(error)


def test_too_many_rows(case, file):
    file.write_text(case.text, encoding=case.encoding)
    assert refusal(case, file, max_rows=1).code == "file.too_large"


def test_zip_with_two_members(case, file):
    path = file.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", case.text)
        archive.writestr("b.csv", case.text)
    assert refusal(case, path).code == "file.members"


@pytest.mark.parametrize("name", ["../a.csv", "/a.csv", "..\\a.csv", "C:a.csv"])
def test_zip_whose_member_leads_elsewhere(case, file, name):
    path = file.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, case.text)
    assert refusal(case, path).code == "file.members"
    assert list(path.parent.iterdir()) == [path]


def test_what_is_named_as_packed_and_is_not(case, file):
    for name, content in ((f"{file.name}.gz", b"\x1f\x8bno"), ("file.zip", b"PK\x03\x04no")):
        path = file.with_name(name)
        path.write_bytes(content)
        assert refusal(case, path).code == "file.damaged"


def test_another_delimiter(case, file):
    mark = "|"
    file.write_text(case.text.replace(case.delimiter, mark), encoding=case.encoding)
    assert refusal(case, file).code in ("file.delimiter", "file.columns", "column.missing")


def test_an_unclosed_quote(case, file):
    if case.delimiter == "\t":
        pytest.skip("tab-separated forms have no quotes")
    rows = lines(case)
    rows[-1] = case.delimiter.join(['"' + "x", *rows[-1].replace('"', "").split(case.delimiter)[1:]])
    file.write_text("\n".join(rows) + "\n", encoding=case.encoding)
    error = refusal(case, file)
    assert error.code == "row.quote"
    assert f"row {len(rows)}" in str(error)


def test_a_cell_without_end(case, file):
    if case.delimiter == "\t":
        pytest.skip("tab-separated forms have no limit on a cell but that of the file")
    rows = lines(case)
    rows[-1] = case.delimiter.join(["x" * 140_000, *rows[-1].split(case.delimiter)[1:]])
    file.write_text("\n".join(rows) + "\n", encoding=case.encoding)
    assert refusal(case, file).code == "cell.too_long"


def test_a_column_that_stands_twice(case, file):
    if not case.header:
        pytest.skip("a form without header")
    rows = lines(case)
    doubled = [
        row + case.delimiter + row.split(case.delimiter)[case.needed] for row in rows[case.header - 1 :]
    ]
    file.write_text("\n".join([*rows[: case.header - 1], *doubled]) + "\n", encoding=case.encoding)
    assert refusal(case, file).code == "column.duplicate"


def test_windows_line_ends(case, file):
    file.write_text(case.text, encoding=case.encoding)
    expected = case.read(file)
    file.write_bytes(case.text.replace("\n", "\r\n").encode(case.encoding))
    reading = case.read(file)
    assert reading.table.equals(expected.table)
    assert reading.rejected["row"].tolist() == expected.rejected["row"].tolist()


def test_no_reader_opens_a_connection(case, file, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a reader asked for the network")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    file.write_text(case.text, encoding=case.encoding)
    assert case.read(file).report.accepted


def test_address(case):
    assert refusal(case, "https://example.org/" + case.file).code == "file.address"


def test_unknown_choice_of_errors(case, file):
    file.write_text(case.text, encoding=case.encoding)
    with pytest.raises(ValueError, match="errors"):
        case.read(file, errors="ignore")


def test_the_folder_is_left_as_it_was(case, file):
    file.write_text(case.text, encoding=case.encoding)
    before = file.read_bytes()
    case.read(file)
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]
