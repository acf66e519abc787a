"""By which words an automatic answer ties a date to the absence, and which ones leave it in doubt.

All are looked for in lower-case text in which each date stands as a token: its number between two brackets.
"""

from __future__ import annotations

import re

TOKEN = r"⟦(\d{1,3})⟧"
ANY_TOKEN = r"⟦\d{1,3}⟧"


def _then(words: str) -> str:
    """Up to eight of these words, as they stand between a cue and its date."""
    return rf"(?:[\s,]+(?:{words})){{0,8}}[\s,:]*"


BACK = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:back|return(?:s|ing)?|re-?open(?:s|ing)?|resum(?:e|es|ing))"
        + _then(
            "in|to|at|the|my|our|office|desk|work|again|on|from|as|of|by|online|new|year|and|will|be|"
            "vacation|holidays?|leave|operations|business|noon|midday|first|thing|morning|afternoon"
        )
        + TOKEN,
        rf"\b(?:available|reachable|working|in (?:the )?office|here) again{_then('on|from|as|of')}{TOKEN}",
        rf"\bnext (?:be )?in (?:the )?office{_then('on')}{TOKEN}",
        rf"\bnot (?:be )?(?:back|return|in|available)\b[^⟦]{{0,30}}\bbefore\s+{TOKEN}",
        # "Not in the office until Tuesday" is said by who comes back on Tuesday.
        r"(?:\bnot\b|n['’]t\b|\bcannot\b|\bunable\b)[^⟦,;:]{0,60}\b(?:until|till?)" + _then("the|on") + TOKEN,
        rf"\bno (?:estar[ée]|podr[ée]|volver[ée])\b[^⟦,;:]{{0,60}}\bhasta\s+(?:el\s+)?{TOKEN}",
        rf"\b(?:ab|am)\s+(?:dem\s+)?{TOKEN}(?:\s+\w{{2,12}}){{0,3}}\s+(?:wieder|zurück)\b",
        rf"\b(?:wieder|zurück)\b{_then('im|in|da|zur|ins|büro|erreichbar|verfügbar|für|sie|am|ab|dem')}{TOKEN}",
        r"\b(?:de retour|retour|reviens|reviendrai|reprendrai|reprends|rouvr\w{2,6})\b"
        + _then("au|le|la|à|a|partir|du|bureau|dès|travail|prévu|est|en")
        + TOKEN,
        r"\b(?:vuelvo|volver[ée]|regreso|regresar[ée]|de vuelta|me reincorpor\w{1,4})(?!\w)"
        + _then("a|al|la|el|oficina|trabajo|partir|del|de|en")
        + TOKEN,
    )
)
_INCLUSIVE = r"(?:inclusive|included|inclus|inclusivement|incluido|incl\.?|einschließlich)"
_LEFT = r"(?:⟦(?P<left>\d{1,3})⟧|\b(?P<number>\d{1,2})(?:st|nd|rd|th|\.)?)"
_RIGHT = r"⟦(?P<right>\d{1,3})⟧"
LAST = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:until|till?|up to|to) and including\s+{TOKEN}",
        rf"\b(?:through|thru)\s+(?:to\s+)?{TOKEN}",
        rf"\bbis\s+(?:zum\s+)?(?:einschlie(?:ß|ss)lich|inkl\.?|inklusive)\s+(?:zum\s+|dem\s+)?{TOKEN}",
        rf"{TOKEN}\s*,?\s*\(?{_INCLUSIVE}",
    )
)
RANGES = (
    re.compile(rf"{_LEFT}\s*(?:[-–—]|to|through|bis(?: zum)?|au|al|à)\s*{_RIGHT}"),
    re.compile(rf"\bbetween\s+{_LEFT}\s+and\s+{_RIGHT}"),
)
BOTH = re.compile(rf"{_LEFT}\s*(?:and|&|und|et|y)\s*{_RIGHT}")
UNTIL = re.compile(
    r"(?:\b(?:until|till|til|bis|hasta)\b|\bjusqu['’]?(?:au|à|a|en)?(?!\w))"
    + _then("the|el|le|zum|au|end|of|day|on")
    + TOKEN
)
START = re.compile(
    r"\b(?:from|starting|beginning|commencing|effective|ab|vom|von|du|dès|desde|del)"
    + _then("on|the|dem|le|el")
    + TOKEN
)
THIS_WEEK = re.compile(
    r"\b(?:this week|all week|(?:rest|remainder) of (?:the|this) week)\b"
    r"(?:\s*(?:and|&|\+)\s*(?P<more>(?:all of |the )?(?:next|following)(?: week)?\b|\w+))?"
)
AWAY = re.compile(
    r"\b(?:out of (?:the )?office|out of town|ooo|out|away|off|leave|vacation|holidays?|pto|travel\w*|closed|"
    r"absent|absence|unavailable|unable|won['’]?t|cannot|limited|no access|not (?:be )?(?:able|available|reachable|"
    r"back|in|checking|reading|working|return)|urlaub|abwesend|abwesenheit|nicht (?:im|da|erreichbar|verfügbar)|"
    r"außer haus|absente|congés?|vacances|fuera|vacaciones|ausente)\b"
)
HEDGE = re.compile(
    r"\b(?:(?:approximately|approx\.?|around|about|environ|etwa|sobre)\s+(?:the\s+|le\s+|el\s+)?⟦|"
    r"at least|probably|likely|"
    r"expect(?:ed)? to|hop(?:e|ing) to (?:be|return|resume)|hopefully|tentatively|depending|at the (?:latest|earliest)|"
    r"may be|might|maybe|voraussichtlich|hoffentlich|spätestens|frühestens|probablemente|probablement)\b"
    rf"|{ANY_TOKEN}\s*,?\s*(?:or|oder|ou|o)\s+(?:perhaps\s+|possibly\s+)?(?:on\s+|the\s+|am\s+|le\s+|el\s+)?{ANY_TOKEN}"
)
# What else ends on a day, and who does not come back at all.
ELSE = re.compile(
    r"\b(?:offer|sale|contract|invoice|deadline|webinar|promotion|valid|no longer (?:with|at|work\w*|employed|part)|"
    r"(?:have|has|i|who) (?:now )?(?:left(?! for| on)|retired|resigned)|left the (?:company|firm|practice|business)|"
    r"(?:my|his|her|the) last (?:working )?day (?:at|with|in|here|is|was|will)|"
    r"nicht mehr (?:bei|in|für|im unternehmen|tätig)|ne (?:travaille|fait) plus|a quitté|ya no (?:trabaj\w+|forma))\b"
)
# What is so every week is no absence.
EVERY_WEEK = re.compile(
    r"\b(?:hours|every|each|weekends?|i work|we work|working days|open|öffnungszeiten|bürozeiten|sprechzeiten|"
    r"horaires|horario|jeden|tous les|todos los)\b"
)
SOMEBODY_ELSE = re.compile(
    r"\b(?:he|she|his|her|him|himself|herself|colleagues?|assistant|deputy|kolleg\w+|vertretung|coll[èe]gues?|compañer[oa]s?)\b"
)
# "Jo returns", "Ben is": a name, in the letters as they were written.
NAMED = re.compile(
    r"\b(?!(?:The|This|That|It|We|Our|My|Office|There|Everything|Everyone|What|Who|Back|Mail|Email)\b)"
    r"[A-ZÀ-ÖØ-Þ][\w'’-]+ (?:is|returns|will|vuelve|revient)\b|\b[A-ZÀ-ÖØ-Þ][\w'’-]+, who\b"
)
FIRST_PERSON = re.compile(r"\b(?:i|i['’]m|i['’]ll|ich|je|estoy|estaré|vuelvo|volveré|regreso|regresaré)\b")
NOT_ENGLISH = re.compile(r"\b(?:ich|bin|und|nicht|wieder|je|suis|serai|votre|estoy|estaré|gracias|vuelvo)\b")
