"""What a status in Slack says: that somebody is off work, or anything else. And which day is its last."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

OFF: Final = re.compile(
    r"\b(vacation(ing|s)?|holidays?|out[ -]of[ -](the[ -])?office|ooo|o\.o\.o\.?|pto|time off|days? off|off sick"
    r"|sick(?! of\b)|unwell|sabbatical|honeymoon"
    r"|(on|annual|parental|maternity|paternity|medical|unpaid|family|bereavement|sick) leave)\b"
)
# A day off that is thought of, over, or somebody else's; and work, wherever it is done.
NOT_OFF: Final = re.compile(
    r"\b((back|returned|return|fresh) from|before|after|planning|booking|dreaming of|need(s|ing)? a|no|not( on)?"
    r"|covering( for)?|counting down|soon|next (week|month|year))\b.{0,20}"
    r"\b(vacation|holiday|office|ooo|pto|leave|time off|sick|day off|days off)"
    r"|\b(vacation|holiday|pto|leave|ooo)s? (soon|next|party|season|request|plans?|planning|cover|mode off)\b"
    r"|\bwork(s|ing)? (remote(ly)?|from|at|on|in)\b|\bwfh\b"
)
# What else a status speaks of: then a picture of a palm tree says nothing.
BUSY: Final = re.compile(
    r"\b(work(s|ing)?|remote(ly)?|office|meetings?|calls?|lunch|commut\w*|focus\w*|brb|afk|appointment|dentist"
    r"|doctor|training|conference|travel\w*)\b"
)
OFF_EMOJI: Final = frozenset(
    {
        ":palm_tree:",
        ":desert_island:",
        ":beach_with_umbrella:",
        ":umbrella_on_ground:",
        ":face_with_thermometer:",
        ":ooo:",
        ":pto:",
        ":vacation:",
    }
)


def says_off(text: str, emoji: str) -> bool:
    """Whether a status says that its person is off work: on vacation, out of office, sick. The text decides; an
    emoji speaks only where the text says nothing else.
    """
    words = " ".join(text.casefold().split())
    if NOT_OFF.search(words):
        return False
    if OFF.search(words) or words == "leave":
        return True
    return emoji in OFF_EMOJI and BUSY.search(words) is None


def last_day(ends_at: datetime, tz: str) -> date:
    """The last day of a status in zone `tz`: one that ends at midnight ends with the day before."""
    local = ends_at.astimezone(ZoneInfo(tz))
    return local.date() - timedelta(days=1) if local.time() == time(0) else local.date()
