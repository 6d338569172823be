"""The category of a product: what words say of it, and what its list says as a whole.

In running order:

    keywords            the words that tell categories, of all languages; the languages of a list
    category_evidence   what the words of one text say
    prevailing          what a list says of all its rows: how frequent each category is, and which titles describe the goods below them
    category_choice     the category of a row, by all of these
"""
