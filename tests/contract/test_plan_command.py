"""`renewals plan`: files in, answers out, or every problem and exit code 2 (PLAYBOOK 9)."""

import json
import os
import subprocess
import sys

import pytest

from bot import plan

SCENARIO = {
    "now": "2026-11-06T11:00-05:00",
    "rep": {"tz": "America/New_York", "workdays": ["mon", "tue", "wed", "thu", "fri"], "day_ends": "17:30"},
    "renewal": {
        "id": "harbor",
        "account": "Harbor \x1b[31mBakery",
        "put_out_on": "2026-11-02",
        "expires_on": "2026-11-09",
        "hosts_site": True,
        "stage": "open",
    },
    "activities": [
        {"at": "2026-11-02T10:05-05:00", "kind": "review"},
        {"at": "2026-11-06T09:40-05:00", "kind": "call", "outcome": "busy"},
    ],
}
ANSWER = {
    "date": "2026-11-06",
    "playbook_day": 5,
    "state": "outreach",
    "touches": [
        {
            "step": "second_call",
            "kind": "call",
            "slot": 2,
            "of": 2,
            "due_on": "2026-11-06",
            "not_before": "2026-11-06T12:40:00-05:00",
            "blocked": None,
            "takedown_wording": None,
        }
    ],
    "move_out": {"on": "2026-12-01", "status": "ahead", "exempt_because": None},
    "undocumented_put_out": False,
}
ENDLESS = {"from": "2026-11-02", "to": "9999-12-31"}
YAML = """\
scenario:
  now: 2026-11-06T11:00:00-05:00
  rep: {tz: America/New_York, workdays: [mon, tue, wed, thu, fri], day_ends: 17:30}
  renewal: {id: 7, put_out_on: 2026-11-02, expires_on: 2026-11-09, hosts_site: true, stage: open}
  activities:
  - {at: 2026-11-02 10:05:00-05:00, kind: review}
  - {at: 2026-11-06T09:40-05:00, kind: call, outcome: busy}
expect:
  on: nothing
"""


@pytest.fixture
def write(tmp_path):
    def write_file(name, text):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return str(file)

    return write_file


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("one.json", json.dumps(SCENARIO, indent=1), 1),
        ("list.json", json.dumps([SCENARIO, {"scenario": SCENARIO}]), 2),
        ("lines.jsonl", json.dumps(SCENARIO) + "\n\n" + json.dumps(SCENARIO), 2),
        ("one.yml", YAML, 1),
        ("many.yaml", f"{YAML}---\n{YAML}", 2),
        ("marked.yml", "\ufeff" + YAML, 1),
        ("nameless", YAML, 1),
        ("nameless", json.dumps(SCENARIO), 1),
    ],
)
def test_one_json_object_a_line_whatever_the_format(write, capsys, name, text, count):
    assert plan.main([write(name, text), "--json"]) == 0
    printed = capsys.readouterr()
    assert [json.loads(line) for line in printed.out.splitlines()] == [ANSWER] * count
    assert printed.err == ""


def test_files_in_their_order(write, capsys):
    earlier = {**SCENARIO, "now": "2026-11-01T09:00-05:00"}
    files = [write("b.json", json.dumps(SCENARIO)), write("a.json", json.dumps(earlier))]
    assert plan.main(["--json", *files]) == 0
    dates = [json.loads(line)["date"] for line in capsys.readouterr().out.splitlines()]
    assert dates == ["2026-11-06", "2026-11-01"]


def test_a_plan_to_read_without_the_terminal_s_control_characters(write, capsys):
    assert plan.main([write("one.json", json.dumps(SCENARIO))]) == 0
    assert capsys.readouterr().out == (
        "Harbor ?[31mBakery: Fri 6 Nov 2026, day 5, outreach\n"
        "  second call, 2 of 2, not before 12:40\n"
        "  move-out Tue 1 Dec 2026: ahead\n"
    )


def test_the_rest_of_a_plan_to_read(write, capsys):
    deferral = "  deferrals: [{made_at: 2026-11-06T10:00Z, until: 2026-11-09}]\n"
    documents = [
        YAML.replace("now: 2026-11-06", "now: 2026-11-30"),
        YAML.replace("expect:\n  on: nothing\n", deferral),
        YAML.replace("stage: open", "stage: negotiation")
        .replace("at: 2026-11-02", "at: 2026-11-03")
        .replace("now: 2026-11-06", "now: 2026-12-01"),
        YAML.replace("now: 2026-11-06", "now: 2026-10-06"),
    ]
    text = "---\n".join(documents)
    assert plan.main([write("four.yml", text)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "7: Mon 30 Nov 2026, day 29, outreach",
        "  final call, late since Mon 9 Nov 2026",
        "  move-out Tue 1 Dec 2026: preview",
        "7: Fri 6 Nov 2026, day 5, deferred until Mon 9 Nov 2026",
        "  nothing due",
        "  move-out Tue 1 Dec 2026: ahead",
        "7: Tue 1 Dec 2026, day 30, negotiation",
        "  check in, late since Fri 13 Nov 2026",
        "  move-out Tue 1 Dec 2026: exempt (negotiation)",
        "  put-out date Mon 2 Nov 2026: nothing documented",
        "7: Tue 6 Oct 2026, before the put-out date, not started",
        "  nothing due",
    ]


def test_another_playbook_changes_what_it_names(write, capsys):
    team = write("team.toml", "second_call_after_hours = 1.5\n")
    assert plan.main([write("one.json", json.dumps(SCENARIO)), "--json", "--playbook", team]) == 0
    assert json.loads(capsys.readouterr().out)["touches"][0]["not_before"] == "2026-11-06T11:10:00-05:00"


def test_every_problem_at_once_nothing_printed_and_exit_code_2(write, capsys, tmp_path):
    wrong = {**SCENARIO, "now": "2026-11-06T11:00", "renewal": {**SCENARIO["renewal"], "put_out_on": None}}
    files = [
        write("good.json", json.dumps(SCENARIO)),
        write("bad.json", json.dumps([SCENARIO, {"scenario": wrong}])),
        write("torn.yml", f"{YAML}---\na: [\n"),
        write("empty.yml", "---\n"),
        str(tmp_path / "nowhere.yml"),
        str(tmp_path),
        write(
            "twice.yml",
            YAML.replace("expect:", "expect: 1\nexpect:").replace("outcome: busy", "outcome: bsy"),
        ),
    ]
    latin = tmp_path / "latin.yml"
    latin.write_bytes("account: Café".encode("latin-1"))
    team = write("team.toml", "calls_per_week = 9\nfoo = 1")
    assert plan.main([*files, str(latin), "--json", "--playbook", team]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.replace(f"{tmp_path}{os.sep}", "").splitlines() == [
        "team.toml: foo is not a setting of the playbook",
        "team.toml: calls_per_week must be a whole number from 1 to 5, not 9",
        "bad.json, document 2, scenario.now: 2026-11-06T11:00 has no offset from UTC:"
        " write it as in 2026-11-06T11:00-05:00",
        "bad.json, document 2, scenario.renewal.put_out_on: is missing",
        "torn.yml, document 2: line 12: not valid YAML: did not find expected node content",
        "empty.yml: holds no scenario",
        "nowhere.yml: cannot be read: No such file or directory",
        f"{tmp_path}: cannot be read: Is a directory",
        "twice.yml, document 1: line 9: the key 'expect' stands twice in one mapping",
        "twice.yml, document 1, scenario.activities[1].outcome: must be one of connected, no_answer,"
        " left_voicemail, left_live_message, busy, wrong_number, not 'bsy'",
        "latin.yml: is not UTF-8 text",
    ]


def test_a_rep_who_never_works_again_is_a_problem_not_a_hang(write, capsys):
    idle = {**SCENARIO, "activities": [], "rep": {**SCENARIO["rep"], "leave": [ENDLESS]}}
    assert plan.main([write("idle.json", json.dumps([SCENARIO, idle])), "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "idle.json, document 2, rep: no working day from 2026-11-0" in printed.err


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("calls_per_week = ", "is not valid TOML: "),
        ("calls_per_week = 4\ncalls_per_week = 3", "is not valid TOML: "),
        (None, "cannot be read: No such file or directory"),
    ],
)
def test_a_playbook_file_that_cannot_be_used(write, capsys, tmp_path, text, problem):
    team = str(tmp_path / "team.toml") if text is None else write("team.toml", text)
    assert plan.main([write("one.json", json.dumps(SCENARIO)), "--playbook", team]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert printed.err.startswith(f"{team}: {problem}")


def test_without_a_file_it_says_how_it_is_used(capsys):
    with pytest.raises(SystemExit) as refused:
        plan.main(["--json"])
    assert refused.value.code == 2
    assert "usage: renewals plan" in capsys.readouterr().err


def test_it_loads_nothing_of_slack_databases_or_hubspot():
    code = "import sys, bot.plan; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"slack_bolt", "slack_sdk", "sqlalchemy", "hubspot", "holidays"} & set(loaded.stdout.split())
