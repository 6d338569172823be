"""Names of categories of the taxonomy as people write and read them."""

from monito_ray.messages.message_texts import Messages
from monito_ray.messages.translations import N_

#: Those of the taxonomy; those that buyers of food and supplies follow stand first.
_NAMES = (
    N_("vegetables"), N_("fruit"), N_("herbs & spices"), N_("meat & poultry"), N_("fish & seafood"), N_("dairy & eggs"), N_("bakery"),
    N_("desserts & ice cream"), N_("rice & grains"), N_("pasta & noodles"), N_("flour & baking"), N_("sugar & sweeteners"), N_("oils & fats"),
    N_("sauces & condiments"), N_("canned & preserved"), N_("snacks"), N_("coffee & tea"), N_("beverages"), N_("beer & cider"), N_("wine"),
    N_("spirits & liqueurs"), N_("frozen & ready meals"), N_("cleaning"), N_("paper & disposables"), N_("packaging"),
    N_("nuts & dried fruit"), N_("biscuits & confectionery"), N_("alcohol"), N_("prepared dishes"), N_("baby care"), N_("tobacco"),
    N_("personal care"), N_("cosmetics & skin care"), N_("hair care"), N_("perfume & fragrance"), N_("pharmacy"),
    N_("supplements & nutrition"), N_("medical supplies"), N_("optics & eyewear"), N_("pet supplies"), N_("kitchenware & household"),
    N_("home textiles & decor"), N_("gifts & party supplies"), N_("fireworks"), N_("stationery"), N_("art & craft supplies"),
    N_("musical instruments"), N_("books"), N_("software & media"), N_("toys & games"), N_("sports & outdoors"), N_("clothing & shoes"),
    N_("bags & luggage"), N_("jewellery & watches"), N_("fabrics"), N_("furniture"), N_("phones & tablets"),
    N_("electronics & phone parts"), N_("computers & components"), N_("network & telecom"), N_("audio & video"), N_("cameras & security"),
    N_("printers & cartridges"), N_("batteries & power"), N_("components & boards"), N_("electrical & lighting"), N_("automation & motors"),
    N_("appliances"), N_("heating & ventilation"), N_("plumbing"), N_("tools"), N_("hardware"), N_("adhesives & tapes"),
    N_("building materials"), N_("paint"), N_("chemicals & raw materials"), N_("safety & workwear"), N_("machinery & equipment"),
    N_("restaurant equipment"), N_("shop equipment & signage"), N_("tyres"), N_("auto parts"), N_("motor oil & fluids"),
    N_("car accessories"), N_("motorcycles & bicycles"), N_("vehicles"), N_("fuel & gas"), N_("garden & agriculture"),
    N_("flowers & plants"), N_("services"), N_("other"),
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
