"""Encodings: told by their marks, mended aloud, or refused with a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.formats.decoding import decode

LETTERS = st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), min_size=1)


@pytest.mark.parametrize(
    ("codec", "mark", "encoding"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8-bom"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-32-le", b"\xff\xfe\x00\x00", "utf-32-le"),
        ("utf-32-be", b"\x00\x00\xfe\xff", "utf-32-be"),
    ],
)
@given(text=LETTERS.map(lambda text: "x" + text), data=st.data())
def test_a_marked_text_is_read_exactly_and_every_character_has_its_byte(
    codec, mark, encoding, text, data
):
    whole = mark + text.encode(codec)
    decoded = decode(whole, name="x")
    assert (decoded.text, decoded.encoding, decoded.repaired) == (text, encoding, ())
    at = data.draw(st.integers(0, len(text) - 1))
    (offset,) = decoded.byte_offsets([at])
    assert whole[offset:].decode(codec) == text[at:]


@given(
    st.lists(st.sampled_from(["é", "ß", "a", "\n", " ", "’"]), min_size=1),
    st.lists(st.sampled_from([b"\xe9", b"\x92 ", b"\xfc\n", "ü".encode(), b"TY"]), min_size=1),
)
def test_offsets_hold_where_bytes_were_mended(good, bad):
    whole = "".join(good).encode() + b" a ".join(bad)
    try:
        decoded = decode(whole, name="x")
    except BadInput:
        return
    for position, char in enumerate(decoded.text):
        if char == "T":
            (offset,) = decoded.byte_offsets([position])
            assert whole[offset:].startswith(b"TY")


def test_the_repair_counts_and_names_the_first_line():
    (mended,) = decode(b"plain\nRen\xe9 and Zo\xeb\n", name="x").repaired
    assert (mended.line, mended.code) == (2, "encoding-guessed")
    assert "all 2 bytes" in mended.message


def test_curly_quotes_of_windows_and_bytes_it_leaves_undefined():
    assert decode(b"the \x93best\x94 sieve\x81", name="x").text == "the “best” sieve\x81"


@pytest.mark.parametrize("codec", ["gb18030", "big5", "shift_jis", "cp1251", "koi8-r", "euc_kr"])
def test_another_script_is_refused_and_not_turned_into_western_letters(codec):
    russian, korean = "Волчаночный нефрит", "루푸스신염환자"
    words = {"cp1251": russian, "koi8-r": russian, "euc_kr": korean}
    text = "TY  - JOUR\nTI  - " + words.get(codec, "間充質幹細胞移植治療") + "\nER  - \n"
    with pytest.raises(BadInput, match="encoding cannot be told") as caught:
        decode(text.encode(codec, "ignore"), name="x.ris")
    assert caught.value.where.line == 2


def test_a_broken_mark_is_refused_with_line_and_byte():
    data = "\ufeffone\ntwo".encode("utf-32-le") + b"\x00"
    with pytest.raises(BadInput, match="UTF-32-LE, but byte") as caught:
        decode(data, name="x.ris")
    assert caught.value.where.line == 2


def test_half_a_character_at_the_end_of_utf_16_is_said_and_loses_nothing_else():
    read = decode("\ufeffone\ntwo".encode("utf-16-le") + b"\x00", name="x.ris")
    assert read.text == "one\ntwo"
    assert [(mended.line, mended.code) for mended in read.repaired] == [(2, "undefined-bytes")]


CHINESE = "TY  - JOUR\nTI  - 脐带间充质干细胞移植治疗狼疮肾炎的随机对照试验\nER  - \n"


@pytest.mark.parametrize("stray", [b"\xff", b"\x80"])
@pytest.mark.parametrize("codec", ["gb18030", "utf-8", "utf-8-sig", "utf-16-le"])
def test_a_stray_byte_costs_no_other_line(stray, codec):
    lines = [*(CHINESE * 20).encode(codec).split(b"\n")]
    at = 30
    if codec == "utf-16-le":
        lines[at] = lines[at][:11] + b"\x00\xd8" + lines[at][11:]
    else:
        lines[at] = stray + lines[at]
    data = b"\n".join(lines)
    data = b"\xff\xfe" + data if codec == "utf-16-le" else data
    read = decode(data, name="a.ris")
    before, after = (CHINESE * 20).split("\n"), read.text.split("\n")
    assert len(before) == len(after)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
    assert {mended.line for mended in read.repaired} >= {at + 1}
    where = read.text.rindex("ER")
    assert data[read.byte_offsets([where])[0] :].startswith("ER".encode(codec.replace("-sig", "")))


def test_chinese_cut_anywhere_is_read():
    data = (CHINESE * 20).encode("gb18030")
    for cut in range(1, 40):
        read = decode(data[:-cut], name="a.ris")
        assert read.encoding == "gb18030"
        assert read.text.count("脐带") >= 19


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("few", [b"\x96", b"\xe9\xe9 \xf6"])
def test_utf_8_beside_western_bytes_stays_utf_8(mark, few):
    read = decode(mark + "TI  - Müller\n".encode() + b"TI  - a " + few + b" b\n", name="a.ris")
    assert "Müller" in read.text
    assert few.decode("cp1252") in read.text
    assert [mended.line for mended in read.repaired] == [2]


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("무작위 대조 시험에서 환자를 대상으로 한 줄기세포 치료의 효과", "euc-kr"),
        ("ループス腎炎患者における間葉系幹細胞の無作為化比較試験", "euc-jp"),
        ("ループス腎炎患者における間葉系幹細胞の無作為化比較試験", "shift_jis"),
        ("Рандомизированное исследование стволовых клеток", "cp1251"),
    ],
)
def test_another_script_is_not_taken_for_chinese(text, codec):
    with pytest.raises(BadInput, match="encoding cannot be told"):
        decode(f"TY  - JOUR\nTI  - {text}\n".encode(codec), name="a.ris")


def test_chinese_in_gb18030_is_read_and_said():
    text = "TY  - JOUR\nTI  - 脐带间充质干细胞移植治疗狼疮肾炎的随机对照试验\nER  - \n"
    read = decode(text.encode("gb18030"), name="a.ris")
    assert (read.text, read.encoding) == (text, "gb18030")
    assert [(mended.line, mended.code) for mended in read.repaired] == [(2, "encoding-guessed")]
    at = text.index("ER")
    assert read.byte_offsets([at]) == [len(text[:at].encode("gb18030"))]
