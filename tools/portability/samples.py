"""What the proof of portability trains on and asks: made-up texts of several scripts, no copied data."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from pinfold import LabelMode
from pinfold._runs import RunOptions

_TOPICS = {
    "Billing > Refund": ("refund", "Rückerstattung", "remboursement", "退款", "возврат", "استرداد", "धनवापसी"),
    "Billing > Invoice": ("invoice", "Rechnung", "facture", "发票", "счёт", "فاتورة", "बीजक"),
    "Card > Lost": ("lost card", "Karte verloren", "carte perdue", "丢失的卡", "карта потеряна", "بطاقة", "कार्ड"),
    "Card > Stolen": ("stolen", "gestohlen", "volée", "被盗", "украдена", "مسروقة", "चोरी"),
    "Delivery": ("parcel", "Lieferung", "livraison", "配送", "доставка", "توصيل", "वितरण"),
}
_FRAMES = (
    "where is my {} please", "the {} is wrong, order {}", "Warum {}? Straße {}", "{} — s'il vous plaît", "我的{}在哪里",
    "где мой {} {}", "see https://example.org/{} now", "ＦＵＬＬ {} ﬁne №{}", "{}!!! {}", "ΣΊΣΥΦΟΣ {} ΐ ᾳ",
)  # fmt: skip
_ALPHABETS = (
    (0x21, 0x7F), (0xA1, 0x250), (0x370, 0x530), (0x5D0, 0x700), (0x900, 0xE80), (0x10A0, 0x1400), (0x1C80, 0x1CC0),
    (0x1E00, 0x2000), (0x2100, 0x2190), (0x3041, 0x3400), (0x4E00, 0x9FA0), (0xAB30, 0xD7A4), (0xF900, 0xFFF0),
    (0x10400, 0x10600), (0x1D400, 0x1D800), (0x1E000, 0x1E100), (0x1F100, 0x1F700), (0x0, 0x110000),
)  # fmt: skip
_ODD = (
    "", " ", "\x00\x01 \t\r\n\x85", "\ud800", "x\udfff y", "e\u0301tude E\u0301TUDE \ufb01n \u0130\u00df\u1e9e",
    "👩\u200d🚀 🇩🇪 ❤️", "unheardofword " * 300, "x" * 5_000, "e\u0301" * 3_000, "a b " * 2_000, "\ufdfa" * 4_000,
    "a" * 65_537, "é" * 65_537, "a" + "\u0315\u0300" * 2_000, "http:// www.x HTTPS://Y.z 12.5 ٣٤ ４２", "\U00020000",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """A kind of model; `flat`: documents have leaf labels without a level above them."""

    name: str
    options: RunOptions = field(default_factory=RunOptions)
    flat: bool = False


SAMPLES = (
    Sample("words-only", RunOptions(char_ngram_min=0, char_ngram_max=0, word_ngram_max=3)),
    Sample("default", RunOptions(label_mode=LabelMode.MULTI_LABEL)),
    Sample("across-words", RunOptions(char_scope="across_words", label_mode=LabelMode.MULTI_LABEL)),
    Sample("single-label", RunOptions(label_mode=LabelMode.SINGLE_LABEL, word_ngram_max=1), flat=True),
    Sample(
        "hierarchy-folded",
        RunOptions(label_mode=LabelMode.SINGLE_LABEL, fold_urls=True, fold_numbers=True, stop_word_list="english"),
    ),
)


def documents(sample: Sample) -> Iterator[dict[str, object]]:
    """Rows for an upload."""
    number = 0
    for label, words in _TOPICS.items():
        for word in words:
            for frame in _FRAMES:
                number += 1
                name = label.replace(" > ", ", ") if sample.flat else label
                yield {"id": f"{number}", "text": frame.format(word, number), "labels": [name]}


def texts(count: int) -> list[str]:
    """Ordinary texts, mixtures of them, noise of many scripts, and texts that are odd in themselves."""
    chance = random.Random(17)
    words = [word for row in _TOPICS.values() for word in row]
    made = list(_ODD)
    while len(made) < count:
        chosen = [chance.choice(words) for _ in range(1 + len(made) % 9)]
        if len(made) % 3 == 0:
            made.append(chance.choice(_FRAMES).format(chosen[0], len(made)))
        elif len(made) % 3 == 1:
            made.append(" ".join(word[:: chance.choice((1, 1, -1))].swapcase() for word in chosen))
        else:
            low, high = _ALPHABETS[len(made) % len(_ALPHABETS)]
            noise = "".join(chr(chance.randrange(low, high)) for _ in range(1 + len(made) % 60))
            made.append(f"{chosen[0]} {noise} {chosen[-1]}")
    return made
