"""What a person did that cannot be done, each with a sentence for them that says why and what to do."""

from __future__ import annotations

from bot.store.errors import Collided, StoreError, StoreUnavailable

__all__ = [
    "BadField",
    "Collided",
    "DomainError",
    "NotAllowed",
    "NotYours",
    "StaleTouch",
    "StoreError",
    "StoreUnavailable",
    "UnknownPerson",
]


class DomainError(Exception):
    """Something the person can understand and answer; `sentence` is shown to them as it is."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class UnknownPerson(DomainError):
    """A Slack user whom the assistant does not know yet."""


class NotYours(DomainError):
    """The person has no right to act on this account; the sentence tells nothing about it (FAULTS 28)."""


class StaleTouch(DomainError):
    """The touch is not due any more: logged by somebody, of another day, or of a closed run (FAULTS 20, 21)."""


class NotAllowed(DomainError):
    """The state of the run forbids it, or a guard does (PLAYBOOK 6)."""


class BadField(DomainError):
    """A form field cannot be used; `field` names it, the sentence stands at the field."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
