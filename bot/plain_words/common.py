"""Common words: never taken for a misspelt account, and weak where they are but a part of an account's name."""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
answer answering picked picking monday tuesday wednesday thursday friday saturday sunday mon tue
tues wed thu thur thurs fri sat sun january february march april may june july august september
october november december jan feb mar apr jun jul aug sep sept oct nov dec tomorrow today tonight
tmrw tmr week weeks day days month months hour hours minute minutes noon midday morning afternoon
evening next first second third voicemail voicemails vm email emails mail message messages msg
number call calls called calling center best good great nice new late later more less very only even
much many some any all both each every twice once thrice two three four five six seven eight nine
ten half left right line busy wrong again back until after before during since out off over under
because price money contract renew renewal renewals wants want like likes love loves yes sure thanks
thank you your yours our ours who what when where why how which while also else ever than them then
these those said says say told asked asking got get gets getting give gave given make made take took
taken see saw seen know knows knew think thought
"""
COMMON: Final = frozenset(_WORDS.split())
