"""Text of files to plain data: YAML without its guesses, JSON, JSON Lines."""

import pytest

from bot.playbook.scenarios.text import documents_in


def values(text, suffix=".yml"):
    documents = list(documents_in(text, suffix))
    assert [document.problems for document in documents] == [[]] * len(documents)
    return [document.value for document in documents]


def problems(text, suffix=".yml"):
    return [problem for document in documents_in(text, suffix) for problem in document.problems]


@pytest.mark.parametrize(
    "scalar",
    ["17:30", "2026-11-02", "2026-11-02T08:30:00-05:00", "on", "No", "1e3", "0x1f", "1_000", "3", "=", "<<"],
)
def test_yaml_scalars_stay_the_text_they_are(scalar):
    assert values(f"key: {scalar}") == [{"key": scalar}]


def test_yaml_knows_null_true_and_false_but_not_in_quotes():
    text = "a: [~, null, true, False, 'true', '~']\nb:"
    assert values(text) == [{"a": [None, None, True, False, "true", "~"], "b": None}]


def test_yaml_keys_are_text():
    assert values("on: 1\nnull: 2\n3: 4") == [{"on": "1", "null": "2", "3": "4"}]


def test_many_yaml_documents_without_the_empty_ones():
    assert values("a: 1\n---\n---\nb: 2\n---\n") == [{"a": "1"}, {"b": "2"}]


def test_yaml_anchors_also_within_themselves():
    assert values("a: &x [1]\nb: *x") == [{"a": ["1"], "b": ["1"]}]
    (loop,) = values("&x {self: *x}")
    assert loop["self"] is loop


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3", "line 3: the key 'a' stands twice in one mapping"),
        ("a: *x", "line 1: the alias *x stands for nothing"),
        ("a: !!timestamp 2026-11-02", "line 1: the tag tag:yaml.org,2002:timestamp is not used here"),
        ("? [1]\n: 2", "line 1: a key of a mapping has to be text"),
        ("a: 1\n---\nb: [", "line 4: not valid YAML: did not find expected node content"),
    ],
)
def test_yaml_problems_name_their_line(text, problem):
    assert problems(text + "\n") == [problem]


def test_yaml_with_characters_that_it_does_not_allow():
    (problem,) = problems("a: \x00")
    assert problem.startswith(("not valid YAML", "line 1: not valid YAML"))


@pytest.mark.parametrize("suffix", [".yml", ".json"])
def test_brackets_without_end_are_a_problem_not_a_crash(suffix):
    assert len(problems("[" * 100_000, suffix)) == 1


@pytest.mark.parametrize("suffix", [".json", ".txt", ""])
def test_json_values_one_after_the_other(suffix):
    assert values('{"a": 1}\n{\n"b": null}', suffix) == [{"a": 1}, {"b": None}]


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".yml"])
def test_a_list_is_a_document_for_each_entry(suffix):
    assert values('[{"a": "1"}, {"b": true}]', suffix) == [{"a": "1"}, {"b": True}]


def test_json_lines_go_on_after_a_bad_line():
    documents = list(documents_in('{"a": 1}\n\n{b}\n{"c": 1} {"d": 1}\n{"e": 2}\n', ".jsonl"))
    assert [document.value for document in documents] == [{"a": 1}, None, None, {"e": 2}]
    assert documents[1].problems == [
        "line 3, column 2: not valid JSON: Expecting property name enclosed in double quotes"
    ]
    assert documents[2].problems == ["line 4: more than one JSON value"]


def test_a_key_that_stands_twice_in_json():
    assert problems('{"a": {"b": 1, "b": 2}}', ".json") == ["the key 'b' stands twice in one mapping"]


def test_a_number_that_python_does_not_read():
    (problem,) = problems('{"a": ' + "9" * 5000 + "}", ".json")
    assert problem.startswith("not readable JSON: ")


@pytest.mark.parametrize("suffix", [".yml", ".json", ".jsonl", ""])
def test_nothing_is_no_document(suffix):
    assert values(" \n\n", suffix) == []
