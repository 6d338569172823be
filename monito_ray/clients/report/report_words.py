"""The words of the page, by the names under which the template and the script use them."""

from collections.abc import Callable, Mapping


def report_words(say: Callable[[str], str], unit_names: Mapping[str, str]) -> dict[str, str]:
    """Return the words of the page, each translated by `say`, and the units; `{n}` and the like are filled by the script."""
    units = {f"unit_{unit}": name for unit, name in unit_names.items()}
    return _view_words(say) | _table_words(say) | _change_words(say) | _look_words(say) | units


def _view_words(say: Callable[[str], str]) -> dict[str, str]:
    return {
        "title": say("Price report"),
        "made": say("As of {date}"),
        "currency": say("all prices in {currency}"),
        "prices": say("Prices"),
        "changes": say("Changes"),
        "look": say("To look at"),
        "suppliers": say("Suppliers"),
        "tile_rose": say("Rose within 30 days"),
        "tile_fell": say("Fell within 30 days"),
        "tile_look": say("To look at"),
        "tile_suppliers": say("Suppliers compared"),
        "tile_doubts": say("Prices that may be wrong: {n}"),
        "tile_stale": say("Suppliers with an old list: {n}"),
        "tile_several": say("Products with several suppliers: {n}"),
        "search": say("Search: shallot, cooking oil 2 l …"),
        "all_categories": say("All categories"),
        "all_suppliers": say("All suppliers"),
        "several": say("Several suppliers"),
        "changed": say("Changed"),
        "reset": say("Clear"),
        "shown": say("Products: {n}"),
        "more": say("Show more"),
        "print_cut": say("Printed: the first {n} of {all}. Filter to print the others."),
        "left_out": say("Left out, because the page would be too large: {n} offers of the suppliers with the oldest lists: {suppliers}."),
        "near": say("Nothing for “{word}”; shown: {words}."),
        "nothing": say("Nothing matches. Try fewer words or clear the filters."),
        "empty": say("The catalogue is empty. Send a price list, and make the report again."),
        "loading": say("Reading the prices …"),
        "too_old": say(
            "Nothing after a minute? Then this browser is too old: the report needs Chrome or Edge 92, Firefox 113, Safari 16.4 or later."
        ),
        "no_script": say("Here no script runs, so this is an extract. Search, history and all products: open the file in a browser."),
    }


def _table_words(say: Callable[[str], str]) -> dict[str, str]:
    return {
        "sort": say("Order"),
        "sort_name": say("By category and name"),
        "sort_match": say("Best match"),
        "sort_unit": say("Cheapest per unit"),
        "sort_rise": say("Greatest rise"),
        "sort_fall": say("Greatest fall"),
        "sort_gap": say("Greatest difference between suppliers"),
        "product": say("Product"),
        "size": say("Size"),
        "price_for": say("Price for"),
        "best": say("Best price"),
        "per_unit": say("Per unit"),
        "change": say("Change"),
        "change_days": say("In {n} days"),
        "others": say("Other suppliers"),
        "supplier": say("Supplier"),
        "price": say("Price"),
        "to_best": say("To the best"),
        "list_date": say("List of"),
        "previous": say("Before"),
        "place_row": say("{file}, {sheet}, row {row}"),
        "no_category": say("Without category"),
        "cheapest": say("cheapest"),
        "lowest": say("lowest per {unit}"),
        "family": say("from {price} per {unit} at {supplier}"),
        "old_list": say("old list"),
        "suspicious": say("doubtful"),
        "more_offers": say("+{n} more"),
        "history": say("Price history"),
        "history_unit": say("Price history, per {unit}"),
        "no_history": say("The price has not changed since the first list."),
    }


def _change_words(say: Callable[[str], str]) -> dict[str, str]:
    return {
        "since": say("Since"),
        "since_last": say("Since the list before"),
        "since_days": say("In the last {n} days"),
        "kind_all": say("Everything that changed"),
        "kind_up": say("Rose"),
        "kind_down": say("Fell"),
        "kind_new": say("New"),
        "kind_gone": say("Gone"),
        "kind_back": say("There again"),
        "kind_smaller_pack": say("Smaller pack"),
        "kind_larger_pack": say("Larger pack"),
        "kind_currency": say("Other currency"),
        "now": say("Now"),
        "was": say("Was"),
        "on": say("On"),
        "no_changes": say("Nothing changed in this time."),
        "changes_cut": say("There are more changes than the page has room for; the newest {n} are shown."),
        "offers": say("Offers"),
        "cheapest_at": say("Cheapest"),
    }


def _look_words(say: Callable[[str], str]) -> dict[str, str]:
    return {
        "look_review": say("Rows to check"),
        "look_review_how": say("In the sheet Review of the catalogue, where they can be put right; or monito review."),
        "look_same": say("The same product or not?"),
        "look_same_how": say("To answer in the sheet Same of catalog.xlsx, which is called Same? in a spreadsheet."),
        "look_suspicious": say("Doubtful prices"),
        "look_suspicious_how": say("Never shown as the best price."),
        "look_stale": say("Old lists"),
        "look_stale_how": say("Ask these suppliers for a new one."),
        "look_more": say("{n} more in the sheet Review."),
        "look_rows": say("Rows"),
        "look_other": say("May be the same as"),
        "look_same_more": say("{n} more in that sheet."),
        "look_nothing": say("Nothing to look at."),
        "why": say("Why"),
    }
