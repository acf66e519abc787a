"""Documents from the text of a file: YAML, JSON or JSON Lines, one or many."""

import json
from collections.abc import Iterator

from bot.playbook.scenarios.document import Document
from bot.playbook.scenarios.yaml_text import yaml_documents

LINES = (".jsonl", ".ndjson")
YAML = (".yml", ".yaml")


def documents_in(text: str, suffix: str) -> Iterator[Document]:
    """The documents of a file's text; its `suffix` (such as ".yml") tells the format, else the text does.

    A list at the top is a document for each of its entries; empty YAML documents and lines are left out.
    """
    suffix = suffix.lower()
    if suffix in LINES:
        documents = _json_lines(text)
    elif suffix == ".json" or (suffix not in YAML and text.lstrip()[:1] in ("{", "[")):
        documents = _json_values(text)
    else:
        documents = yaml_documents(text)
    for document in documents:
        if isinstance(document.value, list) and not document.problems:
            yield from (Document(entry) for entry in document.value)
        else:
            yield document


def _json_lines(text: str) -> Iterator[Document]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            documents = list(_json_values(line, first_line=number))
            if len(documents) > 1:
                documents = [Document(problems=[f"line {number}: more than one JSON value"])]
            yield from documents


def _json_values(text: str, first_line: int = 1) -> Iterator[Document]:
    """JSON values one after the other, on one line each or over many; reading ends at an error of syntax."""
    position = _skip_space(text, 0)
    while position < len(text):
        document = Document()
        decoder = json.JSONDecoder(object_pairs_hook=document.mapping)
        try:
            document.value, position = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            line = first_line + error.lineno - 1
            yield Document(problems=[f"line {line}, column {error.colno}: not valid JSON: {error.msg}"])
            return
        except (ValueError, RecursionError) as error:
            # Numbers of thousands of digits, and thousands of brackets, are JSON that Python does not read.
            yield Document(problems=[f"not readable JSON: {error}"])
            return
        yield document
        position = _skip_space(text, position)


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position
