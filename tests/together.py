"""Which tests one worker takes: those that share what their module set up together, in their order; others singly.

A worker that took over the tail of such a file would begin it anew, without what the first half has done. xdist's
own groups need a test's id to be changed, which pytest no longer allows.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

SHARED = ('scope="module"', 'scope="package"')


class Together(LoadScopeScheduling):
    """The largest files first and single tests last, so that all workers end at about the same time."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if shares(self.config.rootpath / path) else nodeid


@cache
def shares(path: Path) -> bool:
    """Whether tests of a file share a fixture: its own, or one of its folder."""
    sources = (path, path.parent / "conftest.py")
    return any(
        mark in source.read_text(encoding="utf-8")
        for source in sources
        if source.is_file()
        for mark in SHARED
    )
