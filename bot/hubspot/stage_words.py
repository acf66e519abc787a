"""What pipelines, stages and call outcomes are called. Pure; English and German, and what is common beside them."""

from __future__ import annotations

import re

RENEWALS = re.compile(
    r"\brenew\w*|retention|verlänger|verlaenger|bestandskund|renouvel|renovaci|rinnov|verleng", re.I
)
NEGOTIATION = re.compile(r"negotiat|verhandl|négoci|negoci|trattativ|onderhandel", re.I)
PERHAPS_NEGOTIATION = re.compile(
    r"proposal|offer|quote|angebot|contract|vertrag|decision|entscheid|discount", re.I
)
MOVED_OUT = re.compile(
    r"moved? ?-?out|(taken|given|handed|moved|passed) (back|away|on|over)|re-?assign|return(ed)? to|house account|"
    r"abgegeben|zurückgegeben|umverteil|entzogen|weitergegeben",
    re.I,
)
# Somebody was spoken to; but not the customer, or nobody, wins over it.
CONTACT = re.compile(
    r"spoke|spoken|talked|connected|reached|conversation|decision ?-?maker|gespr[äo]ch|gesprochen|erreicht",
    re.I,
)
NO_CONTACT = re.compile(
    r"\bno(t|body)?\b|\bnicht\b|kein|niemand|gate ?-?keeper|reception|front desk|assistan|secretar|sekretariat|"
    r"vorzimmer|voice ?-?mail|mailbox|anrufbeantworter|\bbusy\b|besetzt|wrong|falsche|invalid|ungültig|hung up|"
    r"aufgelegt|unreachable|disconnected",
    re.I,
)


def was_contact(label: str) -> bool | None:
    """Whether a call outcome called so means contact; None when its name does not say."""
    if NO_CONTACT.search(label):
        return False
    return True if CONTACT.search(label) else None
