"""How the command line answers before it does anything."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.cli import COMMANDS, main


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_says_what_it_does(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for words in ([name, "--help"], ["help", name]):
        with pytest.raises(SystemExit) as left:
            main(words)
        assert left.value.code == 0
        said.append(capsys.readouterr())
    assert said[0] == said[1]
    usage, about, *_ = said[0].out.split("\n\n")
    assert usage.startswith(f"usage: renewals {name}")
    assert about[0].isupper() and "`" not in about and said[0].err == ""


def test_the_commands_and_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    for words, code in ((["--help"], 0), (["help"], 0), ([], 2)):
        assert main(words) == code
        out, err = capsys.readouterr()
        shown, silent = (err, out) if code else (out, err)
        assert silent == "" and all(f"\n  {name} " in shown for name in COMMANDS)
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("renewals 0.")


def test_tick_says_what_each_job_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["tick", "--help"])
    assert "  mornings          Each rep's digest, at their own hour.\n" in capsys.readouterr().out


def test_a_reader_who_has_enough_is_no_trouble() -> None:
    command = [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main(['--help']))"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as asked:
        assert asked.stdout is not None and asked.stderr is not None
        asked.stdout.close()  # as `| head -0` does
        assert asked.stderr.read() == b""
        assert asked.wait(30) == 1
