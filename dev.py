#!/usr/bin/env python3
"""Set up this checkout and run something in it.

    python3 dev.py sandbox [OPTIONS]   the assistant in a local workspace, in your browser
    python3 dev.py test [OPTIONS]      all tests
    python3 dev.py check               lint, types and import rules
    python3 dev.py run CMD [ARG...]    any command of the environment, here (renewals, python, pytest...)
    python3 dev.py lock                resolve the dependencies anew into requirements.lock

Needs Python 3.11 or newer with pip and nothing else: the environment is made by uv, which is fetched
into .tools/ (pip's refusal outside an environment, PEP 668, does not cover --target, and uv needs no
venv module). Every package is pinned with its hash in requirements.lock.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

UV = "uv==0.13.9"
# What pip is told about the network and uv reads under other names.
NETWORK = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE", "proxy": "ALL_PROXY"}
ROOT = Path(__file__).resolve().parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")


def uv() -> str:
    """The path of our own uv, installed on first use."""
    binary = TOOLS / "bin" / ("uv.exe" if WINDOWS else "uv")
    stamp = TOOLS / UV
    if not (binary.exists() and stamp.exists()):
        print("Fetching uv into .tools/ ...", file=sys.stderr)
        # Twice quiet: errors are shown, but not what pip remarks about this machine's own configuration.
        pip = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        quiet = {"PIP_ROOT_USER_ACTION": "ignore", "PIP_NO_WARN_SCRIPT_LOCATION": "1"}
        subprocess.run(
            [*pip, "--upgrade", "--target", str(TOOLS), UV], check=True, env={**os.environ, **quiet}
        )
        stamp.touch()
    return str(binary)


def run_uv(*args: str) -> None:
    """Run uv on our environment; raises CalledProcessError with uv's own words shown."""
    command = [uv(), *args]
    pip = [sys.executable, "-m", "pip", "config", "list"]
    said = subprocess.run(pip, capture_output=True, text=True, check=False).stdout
    own = {"VIRTUAL_ENV": str(VENV), "UV_PYTHON_DOWNLOADS": "never"}
    subprocess.run(command, check=True, env={**network(said), **os.environ, **own}, cwd=ROOT)


def network(pip_config: str) -> dict[str, str]:
    """Where uv finds packages on a machine set up for pip: the same index, certificates and proxy.

    `pip_config` is what `pip config list` prints: lines such as global.index-url='https://...'. Its variables
    (:env:) stand first and win, as they do for pip.
    """
    found = {"UV_SYSTEM_CERTS": "1"}
    for line in pip_config.splitlines():
        name, _, value = line.partition("=")
        variable = NETWORK.get(name.rpartition(".")[2])
        if variable is not None:
            found.setdefault(variable, value.strip("'\""))
    return found


def set_up() -> None:
    """Make .venv match requirements.lock; does nothing when it already does."""
    inputs = LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + sys.version.encode()
    wanted = hashlib.sha256(inputs).hexdigest()
    stamp = VENV / "renewals-lock"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Setting up .venv (once, about a minute) ...", file=sys.stderr)
    if not (VENV / "pyvenv.cfg").exists():
        run_uv("venv", "--quiet", "--python", sys.executable, str(VENV))
    run_uv("pip", "sync", "--quiet", "--require-hashes", str(LOCK))
    run_uv("pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    stamp.write_text(wanted)


def lock() -> None:
    """Resolve pyproject.toml for every platform, hashes included, naming no package index."""
    run_uv(
        *("pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
        *("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"),
        *("--all-extras", "--group", "dev", "pyproject.toml", "-o", str(LOCK)),
        *sys.argv[2:],
    )


def environment() -> dict[str, str]:
    """The environment variables under which the programs of .venv run."""
    path = os.environ.get("PATH", os.defpath)
    return {**os.environ, "VIRTUAL_ENV": str(VENV), "PATH": f"{BIN}{os.pathsep}{path}"}


def execute(command: list[str]) -> int:
    """Run a command of the environment and return its exit code."""
    return subprocess.run(command, env=environment(), check=False).returncode


def become(command: list[str]) -> int:
    """Be replaced by a command, so that Ctrl-C and a signal to stop reach it and nobody in between."""
    if not WINDOWS:
        os.execve(command[0], command, environment())
    return execute(command)


def main() -> int:
    if sys.version_info < (3, 11):
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    what, *rest = sys.argv[1:] or ["help"]
    if what == "lock":
        lock()
        return 0
    commands = {
        "sandbox": [["renewals", "sandbox", *rest]],
        "test": [["pytest", *rest]],
        "check": [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["lint-imports"]],
        "run": [rest],
    }
    if what not in commands or commands[what] == [[]]:
        print(__doc__, file=sys.stderr)
        return 2
    set_up()
    path = environment()["PATH"]
    wanted = [[shutil.which(command[0], path=path) or "", *command[1:]] for command in commands[what]]
    if not all(program for program, *_ in wanted):
        print(f"There is no command {rest[0]!r}: try renewals, python or pytest.", file=sys.stderr)
        return 2
    if what != "run":  # which is given files by names that hold where it was typed
        os.chdir(ROOT)
    return become(wanted[0]) if len(wanted) == 1 else max([execute(command) for command in wanted])


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except subprocess.CalledProcessError:
        print("Setting up failed for the reason above. Mend it and start again.", file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
