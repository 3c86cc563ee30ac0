"""Every script is learned and found again: in unseen words, unseen sentences and other spellings of the same text."""

import pytest

from pinfold_server.engine.session import Model
from tests.training.tickets import trained, training_set

# Script: frames around the telling word, two telling words, and forms of each that training does not show.
SCRIPTS = {
    "Chinese": (
        ("我的{}在哪里呢", "请问{}怎么办", "昨天的{}有问题了"),
        "退款申请",
        "信用卡号",
        "关于退款申请进度",
        "新信用卡号丢失",
    ),
    "Japanese": (
        ("私の{}はどこですか", "{}について教えてください", "昨日の{}が届きません"),
        "返金手続",
        "カード番号",
        "早く返金手続して",
        "別のカード番号です",
    ),
    "Thai": (
        ("ฉันต้องการ{}ของฉัน", "ช่วยตรวจสอบ{}ด้วย", "เมื่อวาน{}มีปัญหา"),
        "เงินคืน",
        "บัตรเครดิต",
        "ขอเงินคืนเร็วๆ",
        "ทำบัตรเครดิตหาย",
    ),
    "Arabic": (("أين {} الخاص بي", "مشكلة في {} أمس", "أريد {} الآن"), "استرداد", "بطاقتي", "والاسترداد", "وبطاقتي"),
    "Hindi": (("मेरा {} कहाँ है", "कृपया {} देखें", "कल {} गलत था"), "भुगतान", "क्रेडिट", "भुगतानों", "क्रेडिटकार्ड"),
    "Cyrillic": (
        ("где мой {}", "проверьте {} сегодня", "вчера {} не пришёл"),
        "возврат",
        "паспорт",
        "ВОЗВРАТА",
        "Паспортом",
    ),
    "accents": (
        ("où est mon {}", "vérifiez le {} svp", "le {} hier"),
        "prélèvement",
        "dépôt",
        "PRÉLÈVEMENTS",
        "De\u0301po\u0302ts",
    ),
    "full width": (
        ("where is my {}", "check the {} today", "no {} again"),
        "refund",
        "card",
        "ＲＥＦＵＮＤＳ",
        "ｃａｒｄｓ",
    ),
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_telling_word_is_found_in_a_text_that_shares_no_whole_word_with_training(script: str) -> None:
    frames, first, second, first_asked, second_asked = SCRIPTS[script]
    rows = [(frame.format(word), label) for frame in frames for word, label in ((first, "A"), (second, "B"))] * 4
    model = trained(training_set([text for text, _ in rows], [(label,) for _, label in rows], ("A", "B")))
    loaded = Model.load(model.onnx, model.sha256)
    a, b = loaded.score([first_asked, second_asked]).probabilities
    assert a[0] > a[1]
    assert b[1] > b[0]


def test_a_word_within_an_unbroken_line_of_300_letters_is_found() -> None:
    rows = [(f"{'我们今天在这里说话'}{word}", label) for word, label in (("退款申请", "A"), ("信用卡号", "B"))] * 6
    model = trained(training_set([text for text, _ in rows], [(label,) for _, label in rows], ("A", "B")))
    loaded = Model.load(model.onnx, model.sha256)
    line = "天地玄黄宇宙洪荒" * 20
    a, b = loaded.score([f"{line}退款申请{line}", f"{line}信用卡号{line}"]).probabilities
    assert a[0] > a[1]
    assert b[1] > b[0]


def test_composed_decomposed_and_cased_spellings_get_the_same_bits() -> None:
    rows = [("café crème réservé", "A"), ("naïve Straße fiancée", "B")] * 6
    model = trained(training_set([text for text, _ in rows], [(label,) for _, label in rows], ("A", "B")))
    spellings = ["café STRASSE", "cafe\u0301 straße", "ＣＡＦÉ Straße"]
    answers = Model.load(model.onnx, model.sha256).score(spellings).probabilities
    assert len({row.tobytes() for row in answers}) == 1
