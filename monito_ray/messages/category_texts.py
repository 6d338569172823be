"""Names of categories of the taxonomy as people write and read them."""

from monito_ray.messages.message_texts import Messages
from monito_ray.messages.translations import N_

#: Categories that buyers of food and supplies follow; of others the English name is shown.
_NAMES = (
    N_("vegetables"), N_("fruit"), N_("herbs & spices"), N_("meat & poultry"), N_("fish & seafood"), N_("dairy & eggs"), N_("bakery"),
    N_("desserts & ice cream"), N_("rice & grains"), N_("pasta & noodles"), N_("flour & baking"), N_("sugar & sweeteners"), N_("oils & fats"),
    N_("sauces & condiments"), N_("canned & preserved"), N_("snacks"), N_("coffee & tea"), N_("beverages"), N_("beer & cider"), N_("wine"),
    N_("spirits & liqueurs"), N_("frozen & ready meals"), N_("cleaning"), N_("paper & disposables"), N_("packaging"),
)  # fmt: skip
#: Words that name a category and no goods of it: "dairy" is no article, "rice" is.
_SHORT = {"dairy": "dairy & eggs", "meat": "meat & poultry", "seafood": "fish & seafood", "herbs": "herbs & spices", "drinks": "beverages"}


def category_title(messages: Messages, category: str) -> str:
    """Return what the reader calls a category."""
    return messages.plain(category) if category in _NAMES else category


def category_called(messages: Messages, words: str, categories: tuple[str, ...]) -> str:
    """Return the category that somebody names in English or the reader's language, in any case; "" for none."""
    name = " ".join(words.split()).casefold()
    by_title = {messages.plain(category).casefold(): category for category in _NAMES}
    return name if name in categories else _SHORT.get(name) or by_title.get(name, "")
