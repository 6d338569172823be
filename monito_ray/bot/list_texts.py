"""Whether what people write is a price list."""

from monito_ray.errors import FileUnusable

#: Telegram's longest message; a list of more lines comes in several.
_LONGEST = 4096


def reads_as_list(text: str) -> bool:
    """Return whether the lines of a text hold names and prices, as the reader of lists finds them."""
    if not any(map(str.isdecimal, text)):
        return False
    from monito_ray.pipeline.rows.price_list import Hints, read_price_list  # noqa: PLC0415  it loads the reader

    try:
        return bool(read_price_list(text[:_LONGEST].encode(), "message.txt", Hints()).rows.num_rows > 0)
    except FileUnusable:
        return False
