"""The standardized name of a product: what measuring left of its name, without the brand, in English or as the supplier wrote it.

In running order:

    tidying            marks that lost their content, and brackets that lost their partner, are taken out
    whole_translation  English, where every word is known
    naming             the name of a row, by both
"""
