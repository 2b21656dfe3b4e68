"""A small PDF written by hand, for what a typesetter does not make: scans, locks, odd fonts."""

from __future__ import annotations

import hashlib

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"

#: Padding of passwords in the standard security handler (ISO 32000-1, algorithm 2).
_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_ID = bytes(16)
_PERMISSIONS = -44


def bare_pdf(*contents: bytes, font: bytes = FONT, password: str | None = None) -> bytes:
    """Return a PDF with one page a content stream; ``password`` locks it with 40-bit RC4."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(contents), kids),
        font,
    ]
    key = None if password is None else _key(password)
    for i, content in enumerate(contents):
        number = 5 + 2 * i
        stream = content if key is None else _rc4(_object_key(key, number), content)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % number
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    trailer = b""
    if key is not None:
        objects.append(
            b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P %d >>"
            % (_PAD.hex().encode(), _rc4(key, _PAD).hex().encode(), _PERMISSIONS)
        )
        trailer = b" /Encrypt %d 0 R /ID [<%s> <%s>]" % (
            len(objects),
            _ID.hex().encode(),
            _ID.hex().encode(),
        )
    return _file(objects, trailer)


def shown(*lines: str, mode: int = 0, encoding: str = "latin-1") -> bytes:
    """Return the content stream that shows lines of text; mode 3 is invisible."""
    parts = [b"BT /F1 12 Tf 14 TL %d Tr 50 750 Td" % mode]
    for line in lines:
        text = line.encode(encoding).replace(b"\\", b"\\\\").replace(b"(", b"\\(")
        parts.append(b"(%s) Tj T*" % text.replace(b")", b"\\)"))
    return b"\n".join([*parts, b"ET"])


def picture(*, width: int = 600, height: int = 800) -> bytes:
    """Return the content stream of one grey picture of that size in points."""
    return b"q %d 0 0 %d 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q" % (width, height)


def _file(objects: list[bytes], trailer: bytes) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        start,
    )
    return bytes(out)


def _key(password: str) -> bytes:
    padded = (password.encode("latin-1") + _PAD)[:32]
    permissions = _PERMISSIONS.to_bytes(4, "little", signed=True)
    return hashlib.md5(padded + _PAD + permissions + _ID).digest()[:5]


def _object_key(key: bytes, number: int) -> bytes:
    salted = key + number.to_bytes(3, "little") + b"\0\0"
    return hashlib.md5(salted).digest()[: len(key) + 5]


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
