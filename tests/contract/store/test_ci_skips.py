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


@pytest.mark.parametrize("ci", ["1", ""])
def test_a_skip_in_ci(tmp_path: Path, ci: str) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST.read_text())
    (tmp_path / "test_it.py").write_text(IN_A_TEST)
    (tmp_path / "test_file.py").write_text(WHOLE_FILE)
    (tmp_path / "test_other.py").write_text("def test_other():\n    pass\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "-rsfE", "-q"]
    # Nothing of the run around it, which may have workers.
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    env |= {"CI": ci, "PYTHONPATH": str(CONFTEST.parents[1])}
    done = subprocess.run(
        [*command, "--continue-on-collection-errors", tmp_path],
        env=env,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if ci:
        assert done.stdout.count("skipped in CI: no Chromium here") >= 2
        assert "1 failed, 1 passed, 1 error" in done.stdout
    else:
        assert "1 passed, 2 skipped" in done.stdout
    assert (done.returncode != 0) is bool(ci)
