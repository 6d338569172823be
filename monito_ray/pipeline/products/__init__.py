"""Rows to products by the built-in rules.

In running order, `rules` going through it (`slices` for long lists, part by part):

    measuring   size, pack and unit of the price, and from them the price that can be compared
    categories  category, one of `taxonomy`
    brands      brand
    names       English name, by the `glossary`, or the supplier's
    confidence  accuracy of the rules that were applied
    variants    rows that an LLM's answers made one product, kept apart
    build       the written rows; `doubts` marks names that are no product's
"""
