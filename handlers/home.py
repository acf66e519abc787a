"""App Home: opened, filtered, turned; and the forms behind it, for settings and leave."""

from __future__ import annotations

from bot.bootstrap import Assistant
from bot.services.acts.leave import end_leave, read_leave, take_leave
from bot.services.acts.preferences import set_preferences, settings_of
from bot.services.errors import UnknownPerson
from bot.services.home.models import Days, Show, Value
from bot.services.home.opening import filter_home, open_home, show_home_again
from bot.slack import ids
from bot.slack.payloads import HomeRef, PersonRef, StaleButton
from bot.slack.settings_forms import LeaveForm, SettingsForm
from bot.slack.views.blocks import Block
from bot.slack.views.home import home_view
from bot.slack.views.notices import sentence_message
from bot.slack.views.settings_modals import leave_modal, settings_modal
from handlers.agent_pane import offer_prompts
from handlers.presses import Opened, Press, Submission

OWN = "own"


def handle_opened(assistant: Assistant, opened: Opened) -> None:
    """The Messages tab, which is the same event, draws nothing."""
    if opened.tab == "home":
        open_home(assistant.work, opened.click)
    elif opened.tab == "messages":
        offer_prompts(assistant, opened)


def handle_home_ref(assistant: Assistant, press: Press) -> None:
    open_home(assistant.work, press.click, HomeRef.decode(press.value).asked)


def handle_home_filter(assistant: Assistant, press: Press) -> None:
    kinds: dict[str, type[Show] | type[Days] | type[Value]] = {
        ids.HOME_SHOW: Show,
        ids.HOME_DAYS: Days,
        ids.HOME_VALUE: Value,
    }
    try:
        chosen = kinds[press.action_id](press.value)
    except ValueError as unknown:
        raise StaleButton("filter") from unknown
    filter_home(assistant.work, press.click, chosen)


def handle_open_settings(assistant: Assistant, press: Press) -> None:
    own = settings_of(assistant.work, press.click)
    policy = assistant.work.policy
    assistant.slack.open_view(press.trigger_id, settings_modal(own, policy.digest_at, policy.digest_until))


def handle_settings_form(assistant: Assistant, form: Submission) -> None:
    set_preferences(assistant.work, form.click, SettingsForm.parse(form.view).preferred)


def handle_open_leave(assistant: Assistant, press: Press) -> None:
    assistant.slack.open_view(press.trigger_id, _leave(assistant, press, press.value))


def handle_end_leave(assistant: Assistant, press: Press) -> None:
    if press.view is None or not press.value.isdigit():
        raise StaleButton("leave")
    end_leave(assistant.work, press.click, int(press.value))
    drawn = _leave(assistant, press, str(press.view.get("private_metadata", "")))
    assistant.slack.update_view(str(press.view["id"]), drawn)


def handle_leave_form(assistant: Assistant, form: Submission) -> None:
    entered = LeaveForm.parse(form.view)
    of = _person(str(form.view.get("private_metadata", "")))
    take_leave(assistant.work, form.click, entered.first_on, entered.last_on, entered.cover_id, of)


def _leave(assistant: Assistant, press: Press, whose: str) -> Block:
    read = read_leave(assistant.work, press.click, _person(whose))
    return leave_modal(read.whose, read.today, read.taken, read.colleagues, whose)


def _person(value: str) -> int | None:
    """Whose leave it is: a person's id, None for one's own."""
    return None if value == OWN else PersonRef.decode(value).person_id


def show_fresh_home(assistant: Assistant, press: Press) -> None:
    """Home as it stands now, for who pressed what they could not; who is not known any more reads that there."""
    try:
        show_home_again(assistant.work, press.click)
    except UnknownPerson as error:
        say_in_home(assistant, press.who.user_id, error.sentence)


def say_in_home(assistant: Assistant, user: str, sentence: str) -> None:
    """A sentence in Home's place. Raises SlackTrouble."""
    assistant.slack.publish_home(user, home_view(sentence_message(sentence).blocks))
