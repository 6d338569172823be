"""Whether what people write is a price list, or a list of what to buy."""

from monito_ray.errors import FileUnusable

#: Telegram's longest message; a list of more lines comes in several.
_LONGEST = 4096
#: Of the lines of a list of what to buy so many say how much, at least.
_SHARE_OF_AMOUNTS = 0.5


def reads_as_list(text: str) -> bool:
    """Return whether the lines of a text hold names and prices, as the reader of lists finds them."""
    if not any(map(str.isdecimal, text)):
        return False
    from monito_ray.pipeline.rows.price_list import Hints, read_price_list  # noqa: PLC0415  it loads the reader

    try:
        return bool(read_price_list(text[:_LONGEST].encode(), "message.txt", Hints()).rows.num_rows > 0)
    except FileUnusable:
        return False


def reads_as_basket(text: str) -> bool:
    """Return whether most of several lines name an article and how much of it: "10 kg bawang merah", "telur 5 tray"."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) <= 1 or not any(map(str.isdecimal, text)):
        return False
    from monito_ray.catalog.basket.shopping_list import parse_basket_line  # noqa: PLC0415  it loads the reader

    articles = [article for line in lines if (article := parse_basket_line(line))]
    amounts = [article for article in articles if article.unit or article.amount != 1]
    return len(articles) == len(lines) and len(amounts) >= _SHARE_OF_AMOUNTS * len(lines)
