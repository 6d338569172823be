"""Mails and web pages saved as one file (MIME): their parts, decoded, in linear time and within a depth."""

import binascii
import itertools
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header

#: Parts within parts; what is nested deeper is left out.
_MAX_DEPTH = 8
#: More parts than any mail has.
_MAX_PARTS = 500
_BEFORE_HEADERS = b"\xef\xbb\xbf\r\n \t"
#: Longer headers are cut: none that matters here is.
_MAX_HEADER_BYTES, _MAX_VALUE_CHARS = 1 << 16, 2_000
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]+")
_HEADER = re.compile(r"^([\w-]{1,80}):[ \t]*(.*)$", re.MULTILINE)
_PARAMETER = re.compile(r""";\s*([\w-]{1,60})(?:\*(\d{1,2}))?(\*)?\s*=\s*(?:"([^"]*)"|([^\s;"]*))""")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class MailPart:
    """A part that holds no others."""

    #: As "text/plain", in small letters.
    kind: str
    #: Of its type and disposition, by their names in small letters.
    parameters: Mapping[str, str]
    #: Where it came with a name or is meant to be saved: that name, or "" for one without.
    file_name: str
    is_attached: bool
    #: Whether another part shows it, as a picture in the text.
    is_inline: bool
    headers: Mapping[str, str]
    #: Its content, of which transport encodings are undone.
    content: bytes


def read_parts(data: bytes) -> Iterator[MailPart]:
    """Return the parts of a message that hold something, in order; of parts that say the same in several ways the best: a page before plain text."""
    parts = (part for part in _read(data.lstrip(_BEFORE_HEADERS), 0, "text/plain") if part.content.strip())
    return itertools.islice(parts, _MAX_PARTS)


def _read(data: bytes, depth: int, default_kind: str) -> Iterator[MailPart]:
    headers, body = _split(data)
    kind, parameters = _parameters(headers.get("content-type", default_kind))
    if kind.startswith("multipart/") and depth < _MAX_DEPTH:
        pieces = _pieces(body, parameters.get("boundary", ""))
        inner_kind = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        if kind == "multipart/alternative":
            pieces = _best(pieces)
        for piece in pieces:
            yield from _read(piece, depth + 1, inner_kind)
    elif kind == "message/rfc822" and depth < _MAX_DEPTH:
        yield from _read(_decoded(body, headers), depth + 1, "text/plain")
    elif not kind.startswith(("multipart/", "message/")):
        yield _part(kind, parameters, headers, body)


def _part(kind: str, parameters: dict[str, str], headers: dict[str, str], body: bytes) -> MailPart:
    disposition, more = _parameters(headers.get("content-disposition", ""))
    file_name = decoded_words(more.get("filename", "") or parameters.get("name", ""))
    is_attached = disposition == "attachment"
    is_inline = not is_attached and (disposition == "inline" or not headers.keys().isdisjoint(("content-id", "content-location")))
    return MailPart(kind, {**parameters, **more}, file_name, is_attached, is_inline, headers, _decoded(body, headers))


def _split(data: bytes) -> tuple[dict[str, str], bytes]:
    """Return the headers of a message or part and what follows them."""
    if data.startswith((b"\n", b"\r\n")):
        return {}, data[1:].lstrip(b"\n")
    end = _HEADER_END.search(data)
    head, body = (data[: end.start()], data[end.end() :]) if end else (data, b"")
    text = _FOLD.sub(" ", head[:_MAX_HEADER_BYTES].decode("utf-8", "replace"))
    headers: dict[str, str] = {}
    for name, value in _HEADER.findall(text):
        headers.setdefault(name.lower(), value.strip()[:_MAX_VALUE_CHARS])
    return headers, body


def _pieces(body: bytes, boundary: str) -> list[bytes]:
    """Return what stands between the lines of a boundary, the whole where there is none."""
    if not boundary:
        return [body]
    delimiter = re.compile(rb"(?:^|\r?\n)--" + re.escape(boundary.encode()) + rb"(--)?[ \t]*(?=\r?\n|$)")
    pieces: list[bytes] = []
    start = -1
    for match in delimiter.finditer(body):
        if start >= 0:
            pieces.append(_after_line_end(body[start : match.start()]))
        if match.group(1):
            return pieces
        start = match.end()
    return [*pieces, _after_line_end(body[start:])] if start >= 0 else [body]


def _after_line_end(piece: bytes) -> bytes:
    return piece[2:] if piece.startswith(b"\r\n") else piece[1:]


def _best(pieces: list[bytes]) -> list[bytes]:
    """Return the piece that says most of those that say the same; of equal ones the last, as mails order them."""
    ranks = [(_rank(_parameters(_split(piece)[0].get("content-type", "text/plain"))[0]), index) for index, piece in enumerate(pieces)]
    return [pieces[max(ranks)[1]]] if ranks else []


def _rank(kind: str) -> int:
    if kind == "text/html" or kind.startswith("multipart/"):
        return 2
    return int(kind == "text/plain")


def _parameters(value: str) -> tuple[str, dict[str, str]]:
    """Return the kind that a header's value names, in small letters, and its parameters."""
    parts: dict[str, list[tuple[int, bool, str]]] = {}
    for name, index, star, quoted, bare in _PARAMETER.findall(value):
        parts.setdefault(name.lower(), []).append((int(index or 0), bool(star), quoted or bare))
    return value.partition(";")[0].strip().lower(), {name: _joined(sorted(pieces)) for name, pieces in parts.items()}


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    """Return a parameter that may come in several pieces, with its encoding before it."""
    text = "".join(piece for _, _, piece in pieces)
    if not any(is_encoded for _, is_encoded, _ in pieces):
        return text
    encoding, _, rest = text.partition("'")
    raw = _PERCENT.sub(lambda match: bytes([int(match.group(1), 16)]), rest.partition("'")[2].encode())
    with suppress(LookupError, ValueError):
        return raw.decode(encoding or "utf-8", "replace")
    return raw.decode("utf-8", "replace")


def decoded_words(text: str) -> str:
    """Return a header's value with the words decoded that are written in another encoding."""
    words = []
    with suppress(HeaderParseError, LookupError, ValueError):
        for word, encoding in decode_header(text):
            words.append(word if isinstance(word, str) else word.decode(encoding or "utf-8", "replace"))
        return "".join(words)
    return text


def _decoded(body: bytes, headers: Mapping[str, str]) -> bytes:
    match headers.get("content-transfer-encoding", "").lower():
        case "base64":
            with suppress(binascii.Error):
                return binascii.a2b_base64(body + b"==")
            return b""
        case "quoted-printable":
            return binascii.a2b_qp(body)
    return body
