"""What can have happened, and the phrases that say so: {outcome: its patterns}; see `lexicon` for the rest.

A pattern stands for whole words with single spaces between them; a break in the sentence ends every phrase.
"""

from __future__ import annotations

from typing import Final

_VM = r"(?:vm|v ?mail|voice ?mails?)"
_MEETING = r"(?:meeting|appointment|demo|appt)"
_THEM = r"(?:them|him|her)"
_A = r"(?:an? |the |my |another )?"
_SENT_BY_US = r"(?:(?:i |we |just )*sent )?"
_HAS_GONE = r"(?:(?: is| was| has been| just)*(?: sent| gone| went out| out))?(?: to)?"
WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|mon|tue|wed|thu|fri"
_NOBODY = r"(?:nobody|no one|noone|no body)"
_DESK = (
    r"(?:receptionist|reception|front desk|assistant|secretary|gatekeeper|colleague|coworker"
    r"|office manager)"
)

OUTCOMES: Final[dict[str, tuple[str, ...]]] = {
    "no_answer": (
        r"(?:still |again )?no ans(?:wer)?",
        r"(?:did|does|do|would|is|are|was|were) not (?:answer(?:ing)?"
        r"|pick(?:ing)? up)(?: the phone| my call)?",
        r"not (?:answering|picking up)(?: the phone)?",
        rf"{_NOBODY} (?:answered|picked up|answers|picks up)(?: the phone)?",
        r"no pick ?up",
        r"(?:just )?(?:rang|rings|ringing) out",
        r"(?:just )?rang and rang",
    ),
    "left_voicemail": (
        rf"(?:left|dropped) {_THEM} {_A}{_VM}",
        rf"(?:(?:i|we) )?(?:left|dropped) {_A}(?:voice )?{_VM}",
        rf"{_VM} left",
        r"lvm",
        _VM,
        rf"(?:left|dropped) {_A}(?:message|msg) on (?:the|their|his|her|my) (?:machine"
        rf"|answering machine|{_VM})",
    ),
    "left_live_message": (
        rf"(?:left )?{_A}live (?:message|msg)",
        rf"(?:left )?{_A}(?:message|msg|word) with (?:the |their |his |her |an? )?{_DESK}",
        rf"left {_A}(?:message|msg|word) (?:at|with) (?:the |their )?(?:reception|front desk)",
    ),
    "busy": (
        r"(?:the )?(?:line|phone|number)(?: is| was)? busy",
        r"busy (?:signal|tone|line)",
        r"(?:was )?busy",
        r"(?:the )?line (?:is |was )?engaged",
    ),
    "wrong_number": (
        r"(?:was |is |had |got |it is |have )?(?:an? |the )?wrong (?:number|phone number|nr|num|no)",
        r"(?:the )?number (?:is|was) wrong",
    ),
    "connected": (
        r"connected(?: with| to)?",
        rf"(?:(?:i|we) )?(?:just )?(?:spoke|talked)(?: (?:to|with))?(?: {_THEM})?",
        r"(?:had|have had) an? (?:(?:quick|short|good|nice|great|long|brief) )?(?:chat|talk"
        r"|conversation|call) with",
        r"got through(?: to)?",
        r"(?:i |we )?reached",
        rf"got (?:a )?hold of(?: {_THEM})?",
        r"picked up(?: the phone)?",
        r"(?:he|she|someone|somebody) (?:answered|picked up)(?: the phone)?",
    ),
    "email": (
        rf"(?:sent|mailed|emailed|e mailed)(?: over| out)? {_A}(?:(?:quick|short|second"
        rf"|follow ?up|opening|first|intro|renewal|reminder) )?(?:e ?mail|e mail)",
        r"(?:e ?mail|e mail) (?:is |was |has been |been |just )?(?:sent|out|gone|went out|done)(?: out)?",
        rf"(?:i |we |just )*(?:emailed|e mailed)(?: {_THEM})?",
        rf"(?:i |we |just )*sent {_THEM} {_A}(?:e ?mail|e mail)",
        r"(?:i |we |just )*sent",
    ),
    "replied": (
        r"(?:they |he |she |customer |client |have |has |had |just )*(?:replied|responded)"
        r"(?: to)?(?: my| the| our)?(?: e ?mail| e mail)?(?: by (?:e ?mail|e mail))?",
        r"(?:they |he |she |customer |client )?(?:wrote|emailed|e mailed|mailed) (?:me |us )?back",
        r"(?:they |he |she |customer |client )?(?:emailed|e mailed|wrote|mailed) (?:me|us)",
        r"answered (?:by |my |the |our |me by |us by )+(?:e ?mail|e mail)",
        r"(?:got|received|there is|have) (?:a|an|the) (?:reply|response|answer) (?:by e ?mail )?from",
        r"sent (?:me|us) (?:an? )?(?:e ?mail|e mail|reply)",
    ),
    "called_in": (
        r"(?:they |he |she |customer |client |just |has |have )*called in",
        r"(?:they |he |she |customer |client |just |has |have )*(?:called|rang|phoned) (?:me|us)(?: back)?",
        r"(?:they |he |she |customer |client )(?:just |has |have )*(?:called|rang|phoned)(?: back)?",
        r"(?:inbound|incoming) call(?: from)?",
        r"(?:returned|returning) my call",
    ),
    "review": (
        r"(?:the )?(?:account )?review(?: is| was)? (?:done|finished|complete|completed)",
        r"(?:i |we |just )*(?:did|finished|completed|done(?: with)?) (?:the |my |an? )?(?:account )?review",
        r"(?:i |we |just )*reviewed(?: the account)?",
        r"(?:account )?reviewed",
    ),
    "no_show": (r"no shows?(?:ed)?", r"(?:did|do|does) not show(?: up)?"),
    "canceled": (
        rf"{_MEETING}(?: is| was| got| has been)? cancell?ed",
        rf"cancell?ed (?:the |our |their |his |her |my )?(?:(?:{WEEKDAYS})s? |today |tomorrow )?{_MEETING}",
    ),
    "moved": (
        rf"{_MEETING}(?: is| was| got| has been)? (?:moved|rescheduled|pushed)(?: to)?",
        rf"(?:moved|rescheduled|pushed) (?:the |our |their )?{_MEETING}(?: to)?",
    ),
    "negotiation": (r"(?:is |now |are |we are )*(?:in negotiations?|negotiating)(?: now)?",),
    "report_missing": (
        r"(?:the )?reports? (?:is |are |was |were )?(?:still )?missing(?: for| at)?",
        r"missing (?:the )?reports?(?: for| at)?",
    ),
    "cancellation_email": (rf"{_SENT_BY_US}(?:the |an? )?cancellation(?: e ?mail| notice)?{_HAS_GONE}",),
    "takedown_email": (
        rf"{_SENT_BY_US}(?:the |an? )?(?:takedown|take down) (?:e ?mail|notice){_HAS_GONE}",
        r"(?:the )?takedown (?:is |was |has been )?sent(?: to)?",
    ),
    "note": (
        r"(?:please )?(?:add|make|leave|take|put|write|log) (?:an? |the )?note(?: that)?",
        r"note(?: that)?",
        r"(?:for the record|fyi)",
    ),
}

# What can mean several outcomes: asked, never guessed.
UNSURE: Final[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = (
    (
        ("left_voicemail", "left_live_message"),
        (rf"(?:left|dropped)(?: {_THEM}| me| us)? {_A}(?:message|msg|word)", r"message", r"msg"),
    ),
    (
        ("left_voicemail", "no_answer"),
        (
            rf"(?:got|hit|reached|went(?: straight)? to|goes(?: straight)? to|straight to|only got)"
            rf" (?:the |their |his |her |my |an? |[a-z]+s )?(?:{_VM}|machine|answering machine)",
            r"hung up",
            rf"{_VM} (?:is |was )?full",
            r"(?:mailbox|mail box|inbox) (?:is |was )?full",
        ),
    ),
    (
        ("left_voicemail", "called_in"),
        (
            rf"(?:they|he|she|customer|client) left(?: (?:me|us))? {_A}(?:{_VM}|message|msg)",
            rf"left (?:me|us) {_A}(?:{_VM}|message|msg)",
            rf"(?:got|received|have|had|there is) an? (?:{_VM}|message|msg) from",
        ),
    ),
    (
        ("no_answer", "email"),
        (r"no (?:reply|response)", r"(?:did|has|have) not (?:replied|responded|reply|respond)(?: yet)?"),
    ),
    (
        ("no_answer", "left_voicemail", "wrong_number"),
        (
            r"(?:could|can) not (?:reach|get through|get hold of|get a hold of)(?: them| him"
            r"| her| anyone| anybody)?",
            r"unreachable",
            r"(?:missed|miss) (?:them|him|her)",
            r"unable to reach",
            r"not reached",
            r"not reachable",
            r"no (?:luck|contact|joy|dice)",
        ),
    ),
    (
        ("wrong_number", "no_answer"),
        (
            r"(?:number|phone|line)(?: is| was)? (?:not in service|out of service|disconnected"
            r"|dead|invalid)",
            r"(?:not in service|out of service|disconnected)",
            r"bad number",
        ),
    ),
    (
        ("email", "replied"),
        (
            r"(?:an? |the )?(?:e ?mail|e mail)",
            r"mailed",
            r"(?:an? |the )?reply",
            r"(?:the )?response",
            r"wrote",
        ),
    ),
    (
        ("connected", "replied", "called_in"),
        (
            r"(?:got|came|gets) back to (?:me|us)",
            r"answered",
            r"answers?",
            r"heard (?:back )?from",
            r"heard back",
        ),
    ),
    (("no_answer", "left_voicemail", "email"), (r"reached out(?: to)?", r"contacted", r"pinged")),
    (("called_in", "no_answer"), (r"(?:a )?missed call(?: from)?",)),
    (("connected", "called_in", "left_voicemail"), (r"called back",)),
    (
        ("connected", "no_answer", "left_voicemail"),
        (r"(?:i |we )?(?:gave|give) (?:them|him|her) a (?:call|ring)",),
    ),
    (
        ("no_answer", "busy", "wrong_number", "connected"),  # whatever it was, no message was left
        (
            rf"(?:but |and |so )?(?:did|do|could) not (?:leave|left) {_A}(?:any )?(?:{_VM}|message|msg)",
            rf"(?:without|not) leaving {_A}(?:any )?(?:{_VM}|message|msg)",
            rf"(?:left )?no (?:{_VM}|message|msg)(?: left)?",
        ),
    ),
    (("no_answer", "note"), (r"n/a", r"na")),
    (("busy", "note"), (r"(?:is|are) (?:very |really )?busy",)),
    (("canceled", "note"), (r"cancell?ed",)),
    (("review", "email", "note"), (r"(?:is |all )?(?:done|finished|completed)",)),
    (("no_answer", "left_voicemail", "email"), (r"same(?: thing)?(?: again)?",)),
    (("review", "note"), (r"(?:the )?(?:account )?review",)),
)

# What needs its own form or its own guard.
WON: Final = (
    r"(?:is |was |closed |deal )?won",
    r"(?:signed|renewed)",
)
BY_FORM: Final = (
    rf"{_MEETING}(?: is| was| got| has been)? (?:held|went (?:well|ok|fine|great|badly)|done|over)",
    rf"(?:held|had) (?:the |our |an? )?{_MEETING}",
)
LOST: Final = (
    r"(?:is |was |closed |deal )?lost",
    r"(?:lose|losing)",
    r"(?:do|does|did|will|is|are) not (?:want to renew|going to renew|renew|renewing)",
    r"not renewing",
)
GUARDED: Final = (
    r"(?:send |sending )(?:the |an? )?(?:cancellation|takedown|take down|termination)(?: e ?mail| notice)?",
    r"(?:site|website) (?:is |was )?(?:down|taken down)",
)
MEETING: Final = (
    r"(?:an? |the |our )?(?:meeting|appointment|demo|appt)(?: (?:is |was |has been "
    r"|been )?(?:booked|set|scheduled|confirmed|agreed|fixed|on))?(?: up)?(?: for| with)*",
    r"(?:i |we |just )*(?:booked|scheduled|agreed on|agreed|set up|fixed|confirmed"
    r"|set) (?:in )?(?:an? |the |our )?(?:meeting|appointment|demo|appt)(?: for| with)*",
)
