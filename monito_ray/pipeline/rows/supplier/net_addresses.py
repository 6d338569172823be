"""E-mail and web addresses of a letterhead."""

import re
from collections.abc import Iterator
from functools import cache

from monito_ray.pipeline import data

_MAILBOX = re.compile(r"(?<![\w.+-])([\w.+-]+)\s?@\s?([\w-]+(?:\.[\w-]+)*\.[a-z]{2,12})(?![\w-])", re.IGNORECASE)
_SITE = re.compile(
    r"(?<![@\w.-])(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)*\.([^\W\d_]{2,12}))((?:/[\w.@~-]+){1,2})?(?![\w-])", re.IGNORECASE
)
#: Different characters of a domain; one with fewer was made illegible.
_LEAST_LETTERS = 4
_WITH_SIGN = re.compile(r"https?://|www\.", re.IGNORECASE)


def mailboxes_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the e-mail addresses of a text, each with its domain, or with "" where many share that domain: mailboxes of gmail.com."""
    for match in _MAILBOX.finditer(text):
        name, domain = match[1].strip(".").lower(), match[2].lower()
        if len(set(domain)) >= _LEAST_LETTERS:
            yield f"{name}@{domain}", "" if domain in _shared_domains() else domain


def sites_in(text: str) -> Iterator[str]:
    """Yield the web addresses of a text; of pages on a site that many share ("instagram.com/zarvex") with their path, else without."""
    for match in _SITE.finditer(text):
        host, end, path = match[1].lower(), match[2].lower(), (match[3] or "").lower()
        if not (_WITH_SIGN.match(match.group()) or end in _bare_ends()) or text[match.end() : match.end() + 1] == "@":
            continue
        if host in _shared_hosts() or ".".join(host.split(".")[-2:]) in _shared_hosts():
            if len(path) > 1:
                yield host + path
        elif host.partition(".")[0].strip("-"):
            yield host


@cache
def _bare_ends() -> frozenset[str]:
    return frozenset(data.table("shared_addresses.toml")["bare_ends"].split())


@cache
def _shared_domains() -> frozenset[str]:
    return frozenset(data.table("shared_addresses.toml")["mail"].split())


@cache
def _shared_hosts() -> frozenset[str]:
    return frozenset(data.table("shared_addresses.toml")["sites"].split()) | _shared_domains()
