"""The playbook's own scenarios, which stand beside the checkout where it has its shared folder."""

import json
from pathlib import Path

import pytest

from bot import plan
from bot.playbook.scenarios.text import documents_in

SHARED = Path(__file__).parents[2].parent / "shared" / "scenarios"
FILES = sorted(SHARED.glob("*.yml"))


@pytest.mark.skipif(not FILES, reason=f"no shared scenarios beside this checkout ({SHARED})")
@pytest.mark.parametrize("file", FILES or [SHARED], ids=lambda file: file.stem)
def test_the_answer_is_the_expected_one(file, capsys):
    assert plan.main([str(file), "--json"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    documents = [document.value for document in documents_in(file.read_text(encoding="utf-8"), file.suffix)]
    assert answers
    assert [_as_text(answer) for answer in answers] == [document["expect"] for document in documents]


def _as_text(value):
    """Numbers as the reader of scenario files has them: only null, true and false are not text there."""
    if isinstance(value, dict):
        return {key: _as_text(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_as_text(one) for one in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
