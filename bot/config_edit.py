"""The configuration file as a text that is changed: read once, written in one step, never half."""

from __future__ import annotations

import os
import tempfile
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.config_file import ConfigError, load_config

BEGINNING = "# What the renewal assistant knows of this team: docs/for-admins.md tells of every key.\n"
_MARK = b"\xef\xbb\xbf"
_NEW_FILE = 0o644
_OTHERWISE = "Make it writable, name another file with --config, or see with --dry-run what would be written."


@dataclass(frozen=True, slots=True)
class ConfigText:
    """A configuration file as it was read. `is_new`: there is none yet."""

    path: Path
    text: str
    is_new: bool = False
    has_mark: bool = False

    def table(self, name: str) -> dict[str, Any]:
        """A table of it, {} when it is not there."""
        found = tomllib.loads(self.text).get(name, {})
        return found if isinstance(found, dict) else {}

    def must_be_writable(self) -> None:
        """Raises ConfigError when the file is kept from being changed, before anything is done."""
        if not os.access(self.path.parent, os.W_OK):
            raise ConfigError([f"{self.path}: its folder cannot be written to. {_OTHERWISE}"])
        # Its mode counts also for who may write everything: somebody set it so.
        if not self.is_new and not self.path.stat().st_mode & 0o222:
            raise ConfigError([f"{self.path}: is read-only. {_OTHERWISE}"])

    def write(self, text: str) -> None:
        """Put `text` in its place, all or nothing. Raises ConfigError when it cannot, or changed meanwhile."""
        self.must_be_as_read()
        try:
            mode = _NEW_FILE if self.is_new else self.path.stat().st_mode & 0o777
            descriptor, beside = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write((_MARK if self.has_mark else b"") + text.encode())
                    file.flush()
                    os.fsync(file.fileno())
                Path(beside).chmod(mode)
                Path(beside).replace(self.path)
            except BaseException:
                with suppress(OSError):
                    Path(beside).unlink()
                raise
        except OSError as error:
            raise ConfigError([f"{self.path}: cannot be written ({error.strerror})."]) from error

    def must_be_as_read(self) -> None:
        """Raises ConfigError when somebody changed the file since it was read."""
        now = read_text(self.path)
        if (now.text, now.is_new) != (self.text, self.is_new):
            raise ConfigError([f"{self.path}: was changed meanwhile. Nothing was written: run this again."])


def read_text(path: Path) -> ConfigText:
    """The file, or what it begins with when it is not there. Raises ConfigError when it cannot be used."""
    path = path.resolve()  # a link stays a link
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise ConfigError(
                [f"{path}: its folder does not exist. Make it, or name another file."]
            ) from None
        return ConfigText(path, "", is_new=True)
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read ({error.strerror})."]) from error
    load_config(path)  # says what is wrong with it
    has_mark = raw.startswith(_MARK)
    return ConfigText(path, raw.removeprefix(_MARK).decode(), has_mark=has_mark)
