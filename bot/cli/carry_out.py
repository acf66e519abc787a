"""The end of the setup: all that would be done is shown; once begun, it is done to its end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby

from bot.cli.asking import wrapped
from bot.cli.output import say, warn
from bot.config_edit import ConfigText
from bot.hubspot.client import HubSpotClient
from bot.hubspot.paths import property_calls
from bot.hubspot.roles import GROUP
from bot.hubspot.set_up_plan import Plan
from bot.hubspot.setup import make_properties
from bot.services.crm_errors import CrmError
from bot.toml_edit import difference

CALL = 45  # columns
STOPPED = (
    "{file} was not changed; what was made in HubSpot until then stays, and a second run goes on from there."
)


def show(made: Plan, config: ConfigText, text: str, version: str) -> bool:
    """Print every call and every line that would change; False when there is nothing to do."""
    for warning in made.warnings:
        say("", wrapped(warning))
    if not made.creations and text == config.text:
        say("", f"Nothing to change: HubSpot and {config.path} say so already.")
        return False
    if made.creations:
        say("", "To be made in HubSpot:")
        for kind, some in groupby(made.creations, lambda one: one.object_type):
            group_call, property_call = property_calls(kind, version)
            say(f"  {group_call:<{CALL}} {GROUP} (if not there)")
            say(*(f"  {property_call:<{CALL}} {one.name}" for one in some))
    if text != config.text:
        say("", f"To be {'written' if config.is_new else 'changed'} in {config.path}:")
        say(*(f"  {line}" for line in difference(config.text, text) if not line.startswith("@@")))
    say("")
    return True


def carry_out(client: HubSpotClient, made: Plan, config: ConfigText, text: str) -> None:
    """HubSpot first, then the file, in one step. Raises CrmError or ConfigError; a second run goes on from there."""
    config.must_be_as_read()
    with _to_its_end():
        for kind, some in groupby(made.creations, lambda one: one.object_type):
            definitions = [one.definition for one in some]
            try:
                make_properties(client, kind, definitions)
            except CrmError:
                warn([STOPPED.format(file=config.path)])
                raise
            say(f"Made on {kind}: {', '.join(str(one['name']) for one in definitions)}.")
        if text != config.text:
            config.write(text)


@contextmanager
def _to_its_end() -> Iterator[None]:
    """Ctrl-C waits: a few calls and one file are finished rather than left half done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: warn(["A moment: finishing what was begun."]))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
