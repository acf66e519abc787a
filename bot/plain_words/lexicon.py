"""The words around an outcome: deferring, trying again, asking, doubting, and what says nothing at all."""

from __future__ import annotations

import re
from typing import Final

# Deferrals: why, and from when on again.
OUT: Final[dict[str, tuple[str, ...]]] = {
    "out_of_town": (
        r"(?:will be |is |are |was |be )?(?:out|away|gone|off|abroad|travel(?:l)?ing"
        r"|closed)(?: of)?(?: the)?(?: office| town| country)?",
        r"(?:will be |is |are |be |gone |out )*(?:on|for|at) (?:an? |the |his |her "
        r"|their )?(?:vacation|holidays?|leave|pto|sick leave|maternity leave|parental leave"
        r"|business trip|trip|honeymoon)",
        r"(?:is |are )?(?:ooo|oof)",
        r"(?:will be |is |are |comes |coming )?(?:back|return(?:s"
        r"|ing)?)(?: in(?: the)? (?:office|town))?(?: from (?:vacation|holidays?|leave|pto"
        r"|work|the trip))?",
        r"(?:will )?(?:come|be) back",
        r"(?:is |are )?not (?:available|back|in|there|around|reachable|in the office|in town)",
        r"(?:is |are )?unavailable",
    ),
    "asked_to_wait": (
        r"(?:wants?|wanted|asked|asks|prefers?|would like) (?:us |me )?(?:to )?(?:wait"
        r"|be called(?: back)?|be called again|be left alone|be left in peace|hold off"
        r"|a call(?: ?back)?)(?: back)?",
        r"(?:asked|wants?|told) (?:me|us) to (?:call|try|wait|check|ring|phone|come)(?: back| again| in)?",
        r"(?:hold|hold off|wait|pause|park|on hold|put on hold)",
    ),
    "decision_pending": (
        r"(?:is |are )?(?:still )?(?:deciding|thinking(?: about it)?|thinking it over)",
        r"(?:will )?(?:decides?|decision)(?: (?:is )?pending)?",
        r"(?:waiting for|needs) (?:a |the |board |budget )*(?:decision|approval|budget)",
    ),
    "other": (
        r"(?:please )?(?:defer|postpone|push(?: out| back)?|move out|shelve|delay)",
        r"leave (?:them |him |her )?alone",
        r"no (?:calls?|contact|touches|action) (?:before|until|till)",
        r"not (?:before|until|till)",
        r"do not (?:call|contact|bother|ring|phone|disturb|try|email)(?: them| him| her)?",
    ),
}
_AGAIN = r"(?:again|back)"
_CALL = r"(?:call|ring|phone|try|check|check in|touch base|follow up|followup|reach out|dial|chase)"
# What I do next, with the account's name never between the words (that form is put together from its parts).
RETRY: Final = (
    rf"(?:(?:i |we )?(?:will|shall|should|must|have to|need to|going to|gonna|to|want to|let us|please) )?"
    rf"(?:just )?{_CALL}(?: (?:them|him|her)| it)? {_AGAIN}",
    r"(?:(?:i |we )?(?:will|shall|should|must|have to|need to|going to|gonna|to|let us|please) )?"
    r"(?:retry|follow up|followup|touch base|check in|callback|try)(?: with(?: (?:them|him|her))?| (?:them|him|her))?",
    r"(?:next (?:call|try|attempt|step|touch)|call ?back|second (?:call|try))",
    r"(?:calling|trying|following|ringing) (?:them |him |her )?(?:again|back|up)",
    r"(?:i |we )(?:will )(?:call|ring|phone|email|try)(?: them| him| her)?",
)
UNTIL: Final = (r"(?:until|till|til|not before|before)",)
REMIND: Final = (
    r"(?:please )?(?:remind|ping|nudge|alert|notify|tell) me(?: again)?(?: about| of| on"
    r"| for)?(?: to (?:call|ring|email|phone|try|check|chase|contact)(?: back)?)?",
    r"(?:set |add )?(?:an? )?(?:reminder|alarm)(?: for me)?(?: about| for| on| to (?:call|ring"
    r"|email|phone))?",
    r"(?:please )?snooze",
)
UNDO: Final = (
    r"(?:please )?undo(?: that| it| this| my| the)?(?: last)?(?: one| log| entry)?(?: (?:on|for))?",
    r"(?:please )?(?:take|took) (?:that|it|this) back(?: (?:on|for))?",
    r"(?:please )?(?:scratch|revert|delete|remove|forget) (?:that|it|this"
    r"|the last(?: one)?)(?: (?:on|for))?",
)

SHOW: Final[dict[str, tuple[str, ...]]] = {
    "today": (
        r"(?:what|which|who|what all|anything|something|everything|how much|how many|show"
        r"|show me|list|see|give me)?"
        r"(?: (?:is|are|do|have|accounts?|i|me|we|the|all|my|calls|touches|else))*"
        r" ?(?:due|left|next|open|overdue|late|to do|on my (?:plate|list))"
        r"(?: (?:to call|to do|for))?(?: (?:now|today|for today))?",
        r"(?:show |show me |see |open )?(?:my |the )?(?:today|day|list|digest|to do|todo"
        r"|todo list|to do list|to dos|todos|agenda|tasks|touches|calls)(?: (?:list|digest"
        r"|for today|today))?",
        r"(?:what|who) (?:do|should|must|shall) (?:i|we) (?:have|do|call|need to do"
        r"|need to call|work on)(?: (?:to do|now|next|today|first))*",
        r"(?:what|who) (?:is|have|are)(?: (?:i|we|got|there|on|for|me))* today",
        r"what now",
    ),
    "week": (
        r"(?:what|show|show me|who|list)?(?: (?:is|are|do|have|i|me|we|the|my|due|coming up"
        r"|on))* ?(?:this )?week",
        r"(?:what is )?(?:coming up|ahead)(?: this week)?",
    ),
    "team": (
        r"(?:show |show me |how is |how are |what is )?(?:my |the )?team(?: doing)?(?: today"
        r"| board| status| overview)?",
        r"(?:show |show me )?(?:the |my )?(?:team ?board|board)",
    ),
    "help": (
        r"(?:please )?help(?: me)?",
        r"what (?:can|do) (?:you|i) (?:do|understand|say|type|write|ask)(?: here| you)?",
        r"how does this work",
        r"(?:show )?(?:the )?commands",
    ),
    "account": (
        r"(?:what is |tell me |show |show me |give me |get me )?(?:the |me )?(?:status|state"
        r"|info|information|details?|summary|story|card|news|history|update)(?: (?:of|on|for"
        r"|about|with|at))?",
        r"(?:what is |show |show me |give me )?(?:the |me )?(?:phone number|phone|number|contact"
        r"|e ?mail address|address|price|nps|expiration|expiration date|put out date) (?:of|for)",
        r"(?:what|how) (?:about|is up with|is new with|is new at|is going on with"
        r"|is happening with|is with)",
        r"where (?:do we|are we|am i|do i|is|does)(?: stand)?(?: (?:with|on|at))?",
        r"(?:doing|looking|going|stand|standing)",
        r"when (?:does|do|did|will|is)|(?:expires?|renews?|due for renewal)",
        r"(?:show|open|see|pull up|look up|lookup|find|get|view|tell me about|check)(?: me)?",
    ),
}

NEGATION: Final = (
    r"(?:not|no|never|none|nothing|without|neither|nor|except|no need|nope|nobody|no one"
    r"|hardly|unless|instead of|forget|cancel|stop)",
)
FUTURE: Final = (
    r"(?:will|shall|should|would|could|might|must|may|going to|gonna|have to|has to"
    r"|need(?:s)? to|needs?|want(?:s)? to|plan(?:s|ning)? to|hope to|try to|trying to|about to"
    r"|to (?:call|ring|phone|try|email|send|leave|log|do|defer)|if|maybe|perhaps|probably"
    r"|let us|let me|can|wanna|ought to|supposed to|i think|think|guess|almost|nearly|todo"
    r"|to do|unsure|or|one of(?: the| my)?|either)",
    r"(?:i am )?not sure(?: if| whether| which| anymore)?",
    r"(?:do not know|can not (?:remember|recall|say|tell))(?: which| if| anymore)?",
)
QUESTION: Final = (
    r"(?:did|do|does|is|are|was|were|should|shall|can|could|would|will|what|who|whom|when|how"
    r"|why|where|which|any|has|whose)",
)
PAST: Final = (
    r"yesterday(?: (?:morning|afternoon|evening))?",
    r"last (?:week|month|night|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon"
    r"|tue|wed|thu|fri)",
    r"(?:a |an |two |three |four |five |few |couple of |\d+ )*(?:minutes?|hours?|days?|weeks?|months?) ago",
    r"the other day",
)
VAGUE_DAY: Final = (
    r"(?:in |after |before |around |by |early |late |mid )*(?:new year|christmas|xmas"
    r"|thanksgiving|easter|q[1-4]|summer|winter|spring|autumn|fall|the weekend|weekend"
    r"|the holidays|black friday)",
    r"(?:in )?(?:a few|a couple of|a couple|some|several|couple of) (?:days|weeks|months|hours"
    r"|minutes|mins)",
    r"(?:some ?time|later|soon|asap|next year|some day|someday|one day|eventually)(?: (?:next"
    r"|this) (?:week|month))?(?: today| on| in)?",
    r"(?:around|about|early|mid|late|roughly|approximately|before|after|by|between|through|thru|up to|end of"
    r"|beginning of|start of|first half of|sometime)",
    r"(?:the )?(?:following|day after|week after)",
    r"this (?:week|month)",
    r"(?:monday|tuesday|wednesday|thursday|friday)s",
    r"(?:every|each) (?:day|week|monday|tuesday|wednesday|thursday|friday)",
    r"fortnight",
    r"(?:right |just )?(?:after|before|at|over) lunch|lunch|first thing",
)

# Said aloud, but saying nothing that has to be kept.
CALL_WORDS: Final = (
    r"(?:(?:i|we) )?(?:just )?(?:tried(?: calling| to call| to reach| ringing)?|called|phoned"
    r"|rang|dialled|dialed)(?: up)?",
    r"(?:log|mark|record|enter|track|save)(?: it| that| this)?(?: down)?(?: as)?",
)
# An order, or what I am just about to do: nothing has happened yet.
TO_CALL: Final = (r"(?:please )?(?:call|phone|ring|dial|calling|ringing|phoning|check)",)
# What is not the assistant's to do from a message, and what it does for one account at a time only.
CANNOT: Final = (
    r"(?:please )?(?:delete|give|assign|reassign|transfer|hand|keep|change|update|edit|write|draft|compose|send"
    r"|take down|for me|(?:customer )?care (?:has )?(?:confirmed|took)"
    r"|text|texted|texting|sms|whatsapp|discount|offer|book me|schedule me)",
)
MANY: Final = (
    r"(?:everything|everyone|everybody|all (?:of )?(?:my|the|our|them)(?: accounts| renewals)?|all accounts)",
)
AGAIN: Final = (r"(?:again|back)",)
FILLERS: Final = (
    r"(?:the|for|at|to|with|from|of|on|it|its|them|him|her|they|he|she|i|we|me|my|us|is|was"
    r"|are|were|has|have|had|been|be"
    r"|just|now|please|pls|plz|as|customer|client|account|renewal|contact|phone|there|their"
    r"|his|this|that|and|then|so|ok|okay|hi|hey"
    r"|hello|a|an|by|office|guys|folks|people|about|still|re|also|too|up|all good|good morning"
    r"|team at|am|in|after all|in the end)",
    r"(?:oops|whoops|sorry|my bad|my mistake|by mistake|wrong button|yet|already|anymore|but|dr|mr|mrs|ms)",
    r"nothing (?:yet|new|agreed(?: yet)?)",
    r"(?:this morning|earlier today|just now|right now|a minute ago|a moment ago|earlier|this afternoon)",
    r"(?:her |his |their |the )?(?:office|phone|line|number|cell|mobile|desk)",
)
NOTE_STARTS: Final = (
    r"(?:and |but )?(?:they |he |she |who |customer |client |contact )?(?:said|says|saying"
    r"|told me|told us|mentioned|explained|thinks|feels)(?: that)?",
    r"(?:because|since|bc|as they|cause)",
)


def compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Patterns that end where a word ends."""
    return tuple(re.compile(rf"(?:{pattern})(?= |$)") for pattern in patterns)


def words_of(*tables: tuple[str, ...]) -> frozenset[str]:
    """Every plain word that stands in these patterns."""
    return frozenset(
        word
        for patterns in tables
        for pattern in patterns
        for word in re.findall(r"[a-z]{2,}", re.sub(r"\\[a-z]|\(\?:|\{[^}]*\}", " ", pattern))
    )
