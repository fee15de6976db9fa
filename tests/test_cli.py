"""The shell: JSON whose shares add up, exit codes, bad input in one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import risk
from risk.reading import TableError
from risk.state_list import read_state_list


def run(*words: str, cwd=None, **variables: str) -> subprocess.CompletedProcess:
    """One shell command in a process of its own."""
    command = [sys.executable, "-m", "risk.cli", *words]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **variables} if variables else None,
    )


def test_alignment_as_json_adds_up():
    done = run("alignment", "VEN", "RUS", "--as-of", "2025-10-15", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert sum(row["share"] for row in result["contributions"]) == pytest.approx(result["value"], abs=1e-12)
    assert (result["a"], result["b"], result["as_of"]) == ("VEN", "RUS", "2025-10-15")


def test_exposure_as_json_adds_up():
    done = run("exposure", "VEN", "--as-of", "2025-10-15", "--json")
    result = json.loads(done.stdout)
    assert sum(row["share"] for row in result["in_force"]) == pytest.approx(result["F"], abs=1e-12)
    assert sum(row["amount"] for row in result["partners"]) == pytest.approx(result["E"], abs=1e-12)
    assert result["onset"] is None or isinstance(result["onset"], list)


def test_the_score_of_september_does_not_see_october(tmp_path):
    events = risk.load_events()
    october = (events["date"] >= "2025-10-01") & (events["date"] < "2025-11-01")
    assert october.sum() > 3
    whole, cut = tmp_path / "whole.csv", tmp_path / "cut.csv"
    events.to_csv(whole, index=False)
    events[~october].to_csv(cut, index=False)
    words = ("alignment", "VEN", "RUS", "--as-of", "2025-09-29", "--json")
    one, other = (run(*words, "--events", str(path)) for path in (whole, cut))
    assert one.returncode == 0, one.stderr
    assert one.stdout == other.stdout
    assert json.loads(one.stdout)["value"] == json.loads(run(*words).stdout)["value"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("alignment", "VEN", "Isreal", "--as-of", "2025-10-15"), "Israel"),
        (("alignment", "VEN", "RUS", "--as-of", "now"), "as_of: 'now' is not a day; write YYYY-MM-DD"),
        (("alignment", "VEN", "RUS", "--as-of", "2025-02-30"), "as_of: '2025-02-30' is not a day"),
        (
            ("alignment", "VEN", "Venezuela", "--as-of", "2025-10-15"),
            "are both VEN; alignment takes two states",
        ),
        (("alignment", "VEN", "RUS"), "--as-of"),
        (("exposure", "--as-of", "2025-10-15"), "give one state, or --states FILE"),
        (("alignment", "VEN", "RUS", "--as-of", "2025-10-15", "--recipe", "no-such.toml"), "no-such.toml"),
        (("alignment", "VEN", "RUS", "--as-of", "2025-10-15", "--events", "no-such.csv"), "no-such.csv"),
        (("nonsense",), "nonsense"),
    ],
)
def test_bad_input_ends_with_exit_code_2_and_says_why(words, text):
    done = run(*words)
    assert done.returncode == 2, done.stdout
    assert text in done.stderr
    assert "Traceback" not in done.stderr


def test_check_exits_with_2_when_a_row_is_rejected(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text(
        "event_id,date,actor,recipient,event_type\n"
        "e1,2025-05-07,RUS,VEN,treaty.partnership\ne2,2024-02-30,RUS,VEN,treaty.partnership\n",
        encoding="utf-8",
    )
    done = run("check", str(file), "--json")
    assert done.returncode == 2
    report = json.loads(done.stdout)
    assert report["report"]["rows_read"] == 2
    assert report["rejected"][0]["row"] == 3
    file.write_text(file.read_text().replace("2024-02-30", "2024-02-29"), encoding="utf-8")
    assert run("check", str(file)).returncode == 0


def test_a_portfolio_exits_with_1_when_something_changed(tmp_path):
    file = tmp_path / "states.csv"
    file.write_text("state\nVenezuela\nSwitzerland\n", encoding="utf-8")
    words = ("exposure", "--states", str(file), "--as-of", "2023-10-20", "--json")
    changed = run(*words, "--since", "2023-10-01")
    assert changed.returncode == 1, changed.stderr
    rows = {row["state"]: row for row in json.loads(changed.stdout)}
    assert rows["VEN"]["changed"]
    assert not rows["CHE"]["changed"]
    assert run(*words, "--since", "2023-10-20").returncode == 0


STATE_LISTS = [
    ("state\nVEN,RUS\n", "1 of 1 rows not used (0 used). row 2: 2 cells where the header has 1; "
     "is a delimiter inside an unquoted cell? Fix the cell."),
    ("state\nVEN\nAtlantis\n", "1 of 2 rows not used (1 used). row 3, column state: 'Atlantis' is not the name or code "
     "of a state. Did you mean Albania (ALB) or Falkland Islands (FLK) or Åland Islands (ALA)? Names are never "
     "guessed. Fix the cell."),
    ("state\nVEN\nGermany\n", "1 of 2 rows not used (1 used). row 3, column state: 'Germany' on 1980-01-01 can mean "
     "DDR (East Germany, 1949-10-07 to 1990-10-03) or DEU (Germany, 1816-01-01 to 1945-05-09 and since 1949-05-23). "
     "Write one of the codes. Fix the cell."),
    ("state,desk\nVEN,a\n,b\n", "1 of 2 rows not used (1 used). row 3, column state: no state given. Fix the cell."),
    ("name\nVEN\n", "missing column(s) state; found name."),
    ("state\n", "the table has a header but no rows; pass allow_empty=True if so meant"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "message"), STATE_LISTS)
def test_a_list_of_states_is_refused_rather_than_shifted_or_guessed(tmp_path, content, message):
    file = tmp_path / "states.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(TableError) as caught:
        read_state_list(file, "1980-01-01")
    assert str(caught.value) == message


def test_a_list_of_states_in_a_wrong_encoding_ends_in_one_line(tmp_path):
    file = tmp_path / "states.csv"
    file.write_bytes("state\nC\u00f4te d'Ivoire\n".encode("latin-1"))
    done = run("exposure", "--states", str(file), "--as-of", "2023-10-20")
    assert (done.returncode, done.stderr) == (2, f"risk: {file}: byte 0xf4 in line 2 is not utf-8; save as UTF-8, or "
                                                 "pass encoding= (cp1252 and latin-1 are common)\n")  # fmt: skip


UNICODE = "\u041c\u0430\u043d\u0435\u0432\u0440\u044b \u2013 \u00fcbung"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_terminal_without_unicode_gets_the_same_json(tmp_path, encoding):
    file = tmp_path / "mine.csv"
    file.write_text(
        f"event_id,date,actor,recipient,event_type,title\ne1,2025-01-01,RUS,VEN,drill.joint,{UNICODE}\n",
        encoding="utf-8",
    )
    words = ("alignment", "VEN", "RUS", "--as-of", "2025-10-15", "--events", str(file))
    command = [sys.executable, "-m", "risk.cli", *words, "--json"]
    done = subprocess.run(
        command, capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding}, check=True
    )
    rows = json.loads(done.stdout.decode(encoding))["contributions"]
    assert rows[0]["title"] == UNICODE


def test_tables_on_a_terminal_without_unicode_are_written_out(tmp_path):
    done = run("alignment", "CIV", "RUS", "--as-of", "2025-10-15", PYTHONIOENCODING="ascii", NO_COLOR="1")
    assert done.returncode == 0, done.stderr
    assert "\x1b[" not in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize("end", ["| true", ">&-", ">&- 2>&-"])
def test_a_closed_pipe_is_no_traceback(end):
    line = f"'{sys.executable}' -m risk.cli ranking --partner RUS --as-of 2025-10-15 {end}"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr


def test_a_name_with_escapes_reaches_no_terminal():
    done = run("check", "\x1b[31mno.csv")
    assert done.returncode == 2
    assert "\x1b" not in done.stderr


def test_known_on_is_not_ignored_silently():
    done = run(
        "exposure", "VEN", "--as-of", "2023-10-20", "--since", "2023-10-01", "--known-on", "2020-01-01"
    )
    assert done.returncode == 2
    assert "--known-on is for one state on one day" in done.stderr


def test_help_and_version():
    done = run("--help")
    assert "Usage: risk [OPTIONS] COMMAND" in done.stdout
    assert "Exit codes: 0 done, 1 something changed (exposure --since), 2 bad input." in done.stdout
    assert "..." not in done.stdout.split("Commands:")[1]
    assert run("--version").stdout == f"risk {risk.__version__}\n"


def test_ranking_and_change_and_dossier(tmp_path):
    ranking = json.loads(run("ranking", "--partner", "RUS", "--as-of", "2025-10-15", "--json").stdout)
    assert [row["rank"] for row in ranking] == list(range(1, len(ranking) + 1))
    assert {row["b"] for row in ranking} == {"RUS"}
    change = json.loads(
        run("change", "VEN", "RUS", "--start", "2024-10-15", "--end", "2025-10-15", "--json").stdout
    )
    assert sum(part["share"] for part in change["parts"]) == pytest.approx(change["total"], abs=1e-12)
    out = tmp_path / "d.html"
    assert run("dossier", "VEN", "RUS", "--as-of", "2025-10-15", "--out", str(out)).returncode == 0
    page = out.read_text(encoding="utf-8")
    for words in (
        "Research output, not legal advice or screening; codes imply no view on legal status; "
        "accusations are attributed, never asserted",
        "the record runs through",
        "Corrections:",
        "How to cite",
    ):
        assert words in page
    assert "<script" not in page
    assert 'src="http' not in page


def test_the_demo_prints_both_scores_and_writes_the_dossier(tmp_path):
    done = run("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Alignment VEN-RUS as of 2025-10-15" in done.stdout
    assert "Sanctions exposure VEN as of 2025-10-15" in done.stdout
    assert (tmp_path / "dossier.html").stat().st_size > 50_000


def test_an_empty_table_is_said_and_has_no_header():
    done = run("exposure", "ISL", "--as-of", "2025-10-15")
    assert "Through partners: nothing on record" in done.stdout
    assert "authority" not in done.stdout


def test_a_severity_has_no_sign_and_a_parallel_measure_says_so():
    done = run("exposure", "VEN", "--as-of", "2025-10-15")
    assert "parallel" in done.stdout
    assert "+0." not in done.stdout.split("In force")[1]


def test_a_cut_table_says_how_much_there_is():
    done = run("alignment", "VEN", "RUS", "--as-of", "2025-10-15")
    assert "Heaviest contributions (first 12 of " in done.stdout


def test_a_portfolio_names_what_began_whole(tmp_path):
    (tmp_path / "mine.csv").write_text("state\nVEN\n")
    since = ("--as-of", "2025-10-15", "--since", "2025-01-01")
    done = run("exposure", "--states", str(tmp_path / "mine.csv"), *since)
    assert done.returncode == 1
    assert "VEN begun since 2025-01-01: " in done.stdout
    assert "usa-ven-secondary-eo14245#1" in done.stdout


def test_help_tells_each_command_in_full():
    assert "..." not in run("--help").stdout.split("Commands:")[1]


def test_validate_names_a_folder_that_is_none(tmp_path):
    done = run("validate", "--data", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert done.stderr == f"risk: outside data: {tmp_path / 'nowhere'} is no folder\n"
    assert "docs/validation.md" in run("validate", "--help").stdout


def test_every_command_takes_json():
    from risk.cli import app

    for command in app.registered_commands:
        assert "as_json" in command.callback.__annotations__, command.callback.__name__
