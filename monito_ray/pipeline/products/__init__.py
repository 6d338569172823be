"""Rows to products by the built-in rules.

In running order, `rules` going through it (`slices` for long lists, part by part):

    measures    size, pack and unit of the price      from `quantities`, which `quantity_patterns` matches
    taxonomy    category
    brands      brand
    glossary    English name
    confidence  accuracy of the rules that were applied
    variants    rows that an LLM's answers made one product, kept apart
    build       the written rows; `doubts` marks names that are no product's
"""
