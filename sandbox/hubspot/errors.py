"""How HubSpot says no: one exception with the body of its error answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any


class ApiError(Exception):
    """A refused call: HTTP `status`, HubSpot's `category`, a sentence, and details per field."""

    def __init__(
        self,
        status: int,
        category: str,
        message: str,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        context: Mapping[str, Sequence[str]] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.category = category
        self.message = message
        self.errors = list(errors)
        self.context = context
        self.extra = dict(extra or {})

    def body(self, correlation_id: str) -> dict[str, Any]:
        """The JSON body of the answer."""
        body: dict[str, Any] = {
            "status": "error",
            "message": self.message,
            "correlationId": correlation_id,
            "category": self.category,
        }
        if self.errors:
            body["errors"] = [dict(error) for error in self.errors]
        if self.context:
            body["context"] = {key: list(values) for key, values in self.context.items()}
        return body | self.extra


def invalid(message: str, *, code: str | None = None, field: str | None = None) -> ApiError:
    """400: the request itself is wrong."""
    details = []
    if code is not None or field is not None:
        detail: dict[str, Any] = {"message": message}
        if code is not None:
            detail["code"] = code
        if field is not None:
            detail["in"] = field
        details.append(detail)
    return ApiError(400, "VALIDATION_ERROR", message, errors=details)


def missing_fields(names: Sequence[str]) -> ApiError:
    """400: members that the call's definition requires are not in the body."""
    return invalid(
        f"Invalid input JSON on line 1, column 1: Some required fields were not set: [{', '.join(names)}]"
    )


def not_found(object_id: str, kind_name: str) -> ApiError:
    """404: no such record, or it is archived."""
    return ApiError(
        404,
        "OBJECT_NOT_FOUND",
        "resource not found",
        context={"id": [object_id], "objectType": [kind_name]},
    )


class PropertyProblem(Exception):
    """One property value that was refused; a write answers with all of them at once."""

    def __init__(self, name: str, code: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.code = code
        self.message = message


def invalid_properties(problems: Sequence[PropertyProblem]) -> ApiError:
    """400 with every refused property, in HubSpot's double form: JSON in the message, and `errors`."""
    listed = [
        {"isValid": False, "message": problem.message, "error": problem.code, "name": problem.name}
        for problem in problems
    ]
    return ApiError(
        400,
        "VALIDATION_ERROR",
        f"Property values were not valid: {json.dumps(listed)}",
        errors=[
            {
                "message": problem.message,
                "code": problem.code,
                "context": {"propertyName": [problem.name]},
            }
            for problem in problems
        ],
    )
