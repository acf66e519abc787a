"""In CI a skipped test fails the run and says why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[2] / "conftest.py"


IN_A_TEST = "import pytest\ndef test_it():\n    pytest.skip('no Chromium here')\n"
WHOLE_FILE = "import pytest\npytest.skip('no Chromium here', allow_module_level=True)\n"


@pytest.mark.parametrize("test", [IN_A_TEST, WHOLE_FILE])
@pytest.mark.parametrize(("ci", "said"), [("1", "skipped in CI: no Chromium here"), ("", "1 skipped")])
def test_a_skip_in_ci(tmp_path: Path, ci: str, said: str, test: str) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST.read_text())
    (tmp_path / "test_it.py").write_text(test)
    (tmp_path / "test_other.py").write_text("def test_other():\n    pass\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "-rs", tmp_path]
    # Nothing of the run around it, which may have workers.
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    env |= {"CI": ci, "PYTHONPATH": str(CONFTEST.parents[1])}
    done = subprocess.run(
        command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert said in done.stdout
    assert (done.returncode != 0) is bool(ci)
