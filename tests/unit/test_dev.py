"""dev.py on machines that are set up in their own way."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

DEV = Path(__file__).resolve().parents[2] / "dev.py"


@pytest.fixture(scope="module")
def dev() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev", DEV)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_packages_come_from_where_pip_would_get_them(dev: ModuleType) -> None:
    said = (
        ":env:.cert='/etc/own.pem'\n:env:.disable-pip-version-check='1'\nglobal.cert='/etc/other.pem'\n"
        "global.index-url='https://packages.example/simple?a=b'\nglobal.proxy='http://proxy.example:3128'\n"
    )
    assert dev.network(said) == {
        "UV_SYSTEM_CERTS": "1",
        "SSL_CERT_FILE": "/etc/own.pem",
        "UV_DEFAULT_INDEX": "https://packages.example/simple?a=b",
        "ALL_PROXY": "http://proxy.example:3128",
    }


def test_a_machine_without_any_configuration_uses_its_own_certificates(dev: ModuleType) -> None:
    assert dev.network("") == {"UV_SYSTEM_CERTS": "1"}


def test_a_command_that_is_not_there_is_told(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "set_up", lambda: None)
    monkeypatch.setattr(sys, "argv", ["dev.py", "run", "renewal", "check"])
    assert dev.main() == 2
    assert capsys.readouterr().err == "There is no command 'renewal': try renewals, python or pytest.\n"


def test_run_finds_files_where_it_was_typed_and_the_tests_their_checkout(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "set_up", lambda: None)
    monkeypatch.chdir(tmp_path)
    where = []
    monkeypatch.setattr(dev, "become", lambda _: where.append(Path.cwd()) or 0)
    for words in (["run", "python", "book.py"], ["test"]):
        monkeypatch.setattr(sys, "argv", ["dev.py", *words])
        assert dev.main() == 0
    assert where == [tmp_path, DEV.parent]


def test_what_fails_while_setting_up_ends_in_a_sentence(tmp_path: Path) -> None:
    """Without pip, and with nothing else in the environment."""
    shutil.copy(DEV, tmp_path)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "requirements.lock").touch()
    (tmp_path / "pip.py").write_text("raise SystemExit('pip is not there')\n")
    ended = subprocess.run(
        [sys.executable, "dev.py", "check"],
        cwd=tmp_path,
        env={
            "PYTHONPATH": str(tmp_path),
            "HOME": str(tmp_path),
            "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    assert ended.stderr.endswith(
        "pip is not there\nSetting up failed for the reason above. Mend it and start again.\n"
    )
    assert "Traceback" not in ended.stderr
