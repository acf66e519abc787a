"""How Slack keeps the text it is given: control characters escaped, mentions and links left whole."""

from __future__ import annotations

import re
from typing import Any

_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
_SPECIAL = re.compile(
    r"<(?:@[UW][A-Z0-9]+(?:\|[^<>]*)?"
    r"|#C[A-Z0-9]+(?:\|[^<>]*)?"
    r"|![a-z]+[^<>]*"  # here, channel, everyone, date^..., subteam^S...
    r"|(?:https?://|mailto:|tel:)[^<>\s|]+(?:\|[^<>]*)?)>"
)
_BARE_URL = re.compile(r"https?://[^\s<>|*_~`\"]+[^\s<>|*_~`\".,;:!?)]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_HANDLE = re.compile(r"(?<![\w@])@([a-z0-9._-]+)")


def clean(text: str) -> str:
    """`text` without NUL and with lone surrogates replaced: neither can be stored or sent on."""
    return _LONE_SURROGATE.sub("\ufffd", text).replace("\x00", "")


def clean_values(value: Any) -> Any:
    """`clean` on every string in plain JSON values."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): clean_values(member) for key, member in value.items()}
    if isinstance(value, list):
        return [clean_values(member) for member in value]
    return value


def escape(text: str) -> str:
    """Escape all three control characters, as Slack does with what people type."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The characters behind Slack's three entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def stored(text: str, *, link_urls: bool = False) -> str:
    """`text` of an app as Slack stores it: entities and valid `<...>` forms stay, the rest is escaped.

    With `link_urls`, bare addresses become `<https://...>`.
    """
    parts: list[str] = []
    at = 0
    for special in _SPECIAL.finditer(text):
        parts.append(_stored_plain(text[at : special.start()], link_urls=link_urls))
        parts.append(special.group())
        at = special.end()
    parts.append(_stored_plain(text[at:], link_urls=link_urls))
    return "".join(parts)


def typed(text: str) -> str:
    """What a person typed, as a message event carries it: escaped, bare addresses linked."""
    return _link(escape(text))


def mention_handles(text: str, ids_by_handle: dict[str, str]) -> str:
    """Replace `@handle` by `<@U...|handle>`, as a slash command with `should_escape` gets it."""

    def mention(match: re.Match[str]) -> str:
        user = ids_by_handle.get(match.group(1))
        return f"<@{user}|{match.group(1)}>" if user else match.group()

    return _HANDLE.sub(mention, text)


def _stored_plain(text: str, *, link_urls: bool) -> str:
    escaped = _BARE_AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    return _link(escaped) if link_urls else escaped


def _link(text: str) -> str:
    return _BARE_URL.sub(lambda match: f"<{match.group()}>", text)
