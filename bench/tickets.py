"""Made-up support tickets: small, of several labels, and enough to train on."""

from __future__ import annotations

TOPICS = {
    "Billing > Refund": ("refund", "money back", "reimbursement", "returned payment"),
    "Billing > Invoice": ("invoice", "receipt", "billing statement", "vat number"),
    "Login": ("password", "sign in", "two factor code", "locked account"),
    "Delivery": ("parcel", "courier", "tracking number", "shipment"),
}
PHRASES = (
    "where is my {}",
    "please help me with the {}",
    "I have a problem with my {} again",
    "the {} is wrong since yesterday",
    "how long does the {} take",
    "can somebody check the {} today",
    "nobody answers me about the {}",
    "thank you for the {} last week",
)


def rows(copies: int = 1) -> list[dict[str, object]]:
    """Documents to upload, with their labels; 128 for each copy."""
    return [
        {"id": f"{label}-{word}-{place}-{copy}", "text": f"{phrase.format(word)} ({copy})", "labels": [label]}
        for copy in range(copies)
        for label, words in TOPICS.items()
        for word in words
        for place, phrase in enumerate(PHRASES)
    ]


def texts(count: int) -> list[str]:
    """Texts to be answered, none of them twice."""
    words = [word for found in TOPICS.values() for word in found]
    return [
        f"{PHRASES[n % len(PHRASES)].format(words[n % len(words)])} and my {words[n // 7 % len(words)]}, case {n}"
        for n in range(count)
    ]
