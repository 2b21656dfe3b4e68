"""Is this Chinese in GB18030? National databases export it without saying so.

The bytes of Korean, Japanese, Cyrillic and Western text can often be read as GB18030 too, and give
rare characters then. Chinese shows itself by what it uses most.
"""

from __future__ import annotations

import re

__all__ = ["is_gb18030"]

#: Characters that every Chinese text of some length uses, those of medical titles among them. In
#: running text they make up about a third; in bytes of another language read as GB18030, about as
#: many as chance gives, some 3 in 100.
FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国以要时来用生到作地于出分对成会可主发年动同工能下过子种面而方后多定行学法所"
    "经十三之进等部度家电力水化高自二理起小物现实加量两体制机当使点从业本性好应开合因由其前外日事平形相全表间"
    "样与关各重新内数正心明看原利比或质气第变结解通提程果类位期文总治疗病例药组细胞效研究患者临床医院观察及"
    "血肝肾脏免疫炎症狼疮干充移植随机照试验分析评价"
)

#: A character of two bytes as GB2312 has them, both beyond ASCII.
PAIR = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
HIGH = re.compile(rb"[\x80-\xff]")
KANA = re.compile("[\u3040-\u30ff]")
LOST = re.compile("[\udc80-\udcff]")
HANZI = re.compile("[\u4e00-\u9fff]")

LEAST = 4
#: Bytes in a hundred that may fit no character: a file that was cut, or a stray one.
MOST_LOST = 1
SHARE_OF_PAIRS, SHARE_OF_FREQUENT, SHARE_OF_KANA = 0.9, 0.1, 0.05


def is_gb18030(data: bytes) -> bool:
    r"""Tell whether bytes that are no UTF-8 are Chinese in GB18030 (or GBK, GB2312).

    Examples
    --------
    >>> is_gb18030("随机对照试验的系统评价".encode("gb18030"))
    True
    >>> is_gb18030("Рандомизированное исследование".encode("cp1251")), is_gb18030(b"Ren\xe9e")
    (False, False)
    """
    high = len(HIGH.findall(data))
    if len(PAIR.findall(data)) * 2 < high * SHARE_OF_PAIRS:
        return False
    text = data.decode("gb18030", "surrogateescape")
    if len(LOST.findall(text)) > max(1, high * MOST_LOST // 100):
        return False
    hanzi = HANZI.findall(text)
    frequent = sum(char in FREQUENT for char in hanzi)
    return (
        len(hanzi) >= LEAST
        and frequent >= len(hanzi) * SHARE_OF_FREQUENT
        and len(KANA.findall(text)) <= len(hanzi) * SHARE_OF_KANA
        and text.encode("gb18030", "surrogateescape") == data
    )
