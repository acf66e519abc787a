"""Many records written in few calls: batches of 100, and an answer of its own for every input.

One input that HubSpot refuses delays no other (FAULTS I7): inputs are told apart by their trace id, and a batch
that is refused as a whole is halved until the one at fault stands alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from bot.hubspot.activities import KEY_PROPERTY
from bot.hubspot.client import HubSpotClient, Json
from bot.hubspot.failures import of_input
from bot.services.crm_errors import CrmError, Invalid, NoAnswer

MOST = 100
MOST_WITH_HISTORY = 50
TRACE = "objectWriteTraceId"

K = TypeVar("K")
Pair = tuple[str, str]
Properties = Mapping[str, str]


class Writes:
    """Batched writes and the reads they need. Nothing is raised: what went wrong is the answer of the inputs that
    it concerns, a `CrmError` each.
    """

    def __init__(self, client: HubSpotClient) -> None:
        self._client = client

    def found(self, object_type: str, keys: Sequence[str]) -> dict[str, str | CrmError]:
        """{key: id} of the records that carry these keys of ours, read by the key and not through the search index;
        those that are not there are left out.
        """
        found: dict[str, str | CrmError] = {}
        for some in _chunks(list(dict.fromkeys(keys)), MOST):
            try:
                answer = self._client.batch_read(
                    object_type, some, (KEY_PROPERTY,), key=KEY_PROPERTY, patient=False
                )
            except CrmError as error:
                found |= dict.fromkeys(some, error)
                continue
            asked = {key.casefold(): key for key in some}  # unique values are the same in either case
            for one in answer["results"]:
                key = str((one.get("properties") or {}).get(KEY_PROPERTY) or "").casefold()
                if key in asked:
                    found[asked[key]] = str(one["id"])
        return found

    def read(
        self, object_type: str, ids: Sequence[str], properties: Sequence[str], *, history: bool = False
    ) -> dict[str, Json | CrmError]:
        """{id: record} as they are now, with the history of these properties when asked; not there: left out."""
        found: dict[str, Json | CrmError] = {}
        for some in _chunks(list(dict.fromkeys(ids)), MOST_WITH_HISTORY if history else MOST):
            try:
                answer = self._client.batch_read(
                    object_type, some, properties, history=history, patient=False
                )
            except CrmError as error:
                found |= dict.fromkeys(some, error)
                continue
            found |= {str(one["id"]): one for one in answer["results"] if str(one["id"]) in some}
        return found

    def upsert(self, object_type: str, wanted: Mapping[str, Properties]) -> dict[str, str | CrmError]:
        """Create or change the record of each key; {key: its id, or why not}."""
        inputs = {
            key: {
                "idProperty": KEY_PROPERTY,
                "id": key,
                TRACE: key,
                "properties": {**properties, KEY_PROPERTY: key},
            }
            for key, properties in wanted.items()
        }
        answers = self._write(inputs, lambda some: self._client.upsert_all(object_type, some), _key_of)
        return {
            key: answer if isinstance(answer, CrmError) else str(answer["id"])
            for key, answer in answers.items()
        }

    def update(self, object_type: str, wanted: Mapping[str, Properties]) -> dict[str, CrmError | None]:
        """Change these records; {id: None, or why not}."""
        inputs = {
            one: {"id": one, TRACE: one, "properties": dict(properties)} for one, properties in wanted.items()
        }
        answers = self._write(inputs, lambda some: self._client.update_all(object_type, some), _id_of)
        return {one: answer if isinstance(answer, CrmError) else None for one, answer in answers.items()}

    def archive(self, object_type: str, ids: Sequence[str]) -> dict[str, CrmError | None]:
        """Delete these records; one that is not there any more is no error."""
        gone: dict[str, CrmError | None] = {}
        for some in _chunks(list(dict.fromkeys(ids)), MOST):
            try:
                self._client.archive_all(object_type, some)
                gone |= dict.fromkeys(some)
            except CrmError as error:
                gone |= dict.fromkeys(some, error)
        return gone

    def associate(self, from_type: str, to_type: str, pairs: Sequence[Pair]) -> dict[Pair, CrmError | None]:
        """Link these records by the default association; linking again changes nothing."""
        inputs = {pair: {"from": {"id": pair[0]}, "to": {"id": pair[1]}} for pair in pairs}
        answers = self._write(
            inputs, lambda some: self._client.associate_all(from_type, to_type, some), _pair_of
        )
        return {pair: answer if isinstance(answer, CrmError) else None for pair, answer in answers.items()}

    def _write(
        self,
        inputs: Mapping[K, Json],
        call: Callable[[Sequence[Json]], Json],
        named: Callable[[Json], K | None],
    ) -> dict[K, Json | CrmError]:
        """One answer for each input; `named` says which input a result or an error speaks of."""
        answers: dict[K, Json | CrmError] = {}
        for some in _chunks(list(inputs), MOST):
            answers |= self._write_some({one: inputs[one] for one in some}, call, named)
        return answers

    def _write_some(
        self,
        inputs: Mapping[K, Json],
        call: Callable[[Sequence[Json]], Json],
        named: Callable[[Json], K | None],
    ) -> dict[K, Json | CrmError]:
        try:
            said = call(list(inputs.values()))
        except Invalid as error:
            names = list(inputs)
            if len(names) == 1:
                return {names[0]: error}
            answers: dict[K, Json | CrmError] = {}
            for half in (names[: len(names) // 2], names[len(names) // 2 :]):
                answers |= self._write_some({one: inputs[one] for one in half}, call, named)
            return answers
        except CrmError as error:
            return dict.fromkeys(inputs, error)
        answers = {
            name: one for one in said["results"] if (name := named(one)) in inputs and name is not None
        }
        for one in said.get("errors") or ():
            for name in _named_by_error(one, inputs):
                answers[name] = of_input(one)
        # Not a word about an input: it may have been written.
        silent = NoAnswer("HubSpot said nothing of this one", may_have_arrived=True)
        return {name: answers.get(name, silent) for name in inputs}


def _named_by_error(error: Json, inputs: Mapping[K, Json]) -> list[K]:
    """The inputs an error speaks of; of one that names none and stands alone, that one."""
    context: Mapping[str, Any] = error.get("context") or {}
    traces = {str(one) for one in context.get(TRACE) or ()}
    ids = {str(one) for one in context.get("ids") or context.get("id") or ()}
    froms = {str(one) for one in context.get("fromObjectId") or ()}
    tos = {str(one) for one in context.get("toObjectId") or ()}

    def is_meant(one: Json) -> bool:
        if TRACE in one:
            return str(one[TRACE]) in traces if traces else str(one["id"]) in ids
        return one["from"]["id"] in froms and one["to"]["id"] in tos

    found = [name for name, one in inputs.items() if is_meant(one)]
    return found or (list(inputs) if len(inputs) == 1 else [])


def _key_of(result: Json) -> str | None:
    named = result.get(TRACE) or (result.get("properties") or {}).get(KEY_PROPERTY)
    return str(named) if named is not None else None


def _id_of(result: Json) -> str | None:
    return str(result.get(TRACE) or result.get("id") or "")


def _pair_of(result: Json) -> Pair | None:
    return str(result["from"]["id"]), str(result["to"]["id"])


def _chunks(found: Sequence[K], size: int) -> list[list[K]]:
    return [list(found[start : start + size]) for start in range(0, len(found), size)]
