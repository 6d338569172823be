"""Encodings of scripts that are neither Latin nor Cyrillic."""

import pytest

from monito_ray.pipeline.files.texts.legacy_encodings import detect_legacy_encoding


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("น้ำปลา 700 มล.", "cp874"),
        ("שמן זית\nקמח מלא", "cp1255"),
        ("ΦΑΒΑ ΣΑΝΤΟΡΙΝΗΣ 500 ΓΡ", "cp1253"),
        ("Ξύδι από μήλα\nΑλεύρι ολικής", "iso8859_7"),
        ("품명 가격 간장 된장 커피", "cp949"),
        ("しょうゆ 500ml", "euc_jp"),
        ("品名 单价 酱油 陈醋 芝麻油", "gb18030"),
    ],
)
def test_a_few_words_are_enough(text: str, encoding: str):
    """The spelling of a script decides where there are too few letters for statistics."""
    assert text.encode(encoding).decode(detect_legacy_encoding(text.encode(encoding))) == text


@pytest.mark.parametrize(
    ("text", "encoding"), [("Jabón para niños, árbol", "cp1252"), ("Żółty ser, święty", "cp1250"), ("чай листовой", "cp1251")]
)
def test_latin_and_cyrillic_text_is_none_of_them(text: str, encoding: str):
    """Letters with accents stand alone in their words, and Cyrillic words break the spelling of other scripts."""
    assert detect_legacy_encoding(text.encode(encoding), maybe_wide=encoding != "cp1251") == ""
