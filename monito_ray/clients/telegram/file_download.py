"""The bytes of a file that a person sent, taken from the Bot API server as far as they stay within the limit."""

import asyncio
from pathlib import Path
from urllib.parse import quote

from monito_ray.errors import FileTooLarge, TelegramFileGone, TelegramMisconfigured, TelegramUnavailable
from monito_ray.store.source_files import read_source_file

_CONNECT_S, _SILENCE_S = 5.0, 60.0
#: A server that trickles is not waited for longer: 20 MB come within that at 70 kB a second.
_LONGEST_S = 300.0
_BYTES_PER_MB = 2**20
#: What a server answers that has the file no more. 401 is one of them, since the token has just been used.
_GONE = frozenset({400, 401, 404, 410})
_LOCAL_REMEDY = "Set MONITO_TELEGRAM_LOCAL=true if that is the disk of this machine, else start the server without --local."


async def fetch_file(base: str, path: str, file_name: str, max_mb: float, *, is_local: bool) -> bytes:
    """Return the bytes of the file at `path`, as getFile names it, on the server whose files are at the address `base`.

    A server in local mode names a file of its own disk. That is read where `is_local` says that this is meant, and never because some file
    of this machine happens to have the name.

    Raises:
        TelegramFileGone, FileTooLarge: naming the file.
        TelegramUnavailable: it may work later.
        TelegramMisconfigured: the server names a file of a disk, and is not known to be local.
    """
    named = path.removeprefix(f"{base}/")  # the library puts the address before it, unless there is such a file here
    if not named.startswith("/"):
        return await _download(f"{base}/{quote(named)}", file_name, int(max_mb * _BYTES_PER_MB), max_mb)
    if is_local:
        return await asyncio.to_thread(read_source_file, Path(named), max_mb)
    raise TelegramMisconfigured(f"{file_name}: the server of MONITO_TELEGRAM_BASE_URL names a file of a disk", _LOCAL_REMEDY)


async def _download(url: str, file_name: str, most_bytes: int, max_mb: float) -> bytes:
    import httpx  # noqa: PLC0415

    data = bytearray()
    try:
        async with (
            asyncio.timeout(_LONGEST_S),
            httpx.AsyncClient(timeout=httpx.Timeout(_SILENCE_S, connect=_CONNECT_S)) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.status_code in _GONE:
                raise TelegramFileGone(f"{file_name}: Telegram has this file no more")
            if not answer.is_success:
                raise TelegramUnavailable(f"Telegram does not give the file: {answer.status_code}")
            async for part in answer.aiter_bytes():
                data += part
                if len(data) > most_bytes:
                    raise FileTooLarge(f"{file_name}: more than {max_mb:g} MB, which is the limit")
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        raise TelegramUnavailable(f"Telegram does not give the file: {type(error).__name__}") from None  # the text may show the token
    return bytes(data)
