"""Whose product it is. `brand_rules` goes through the rules in running order.

brand_register  brands of the catalogue and of the list's own column, where they stand in a name
brand_titles    titles within a list that are brands
list_patterns   what a list repeats: before dashes, in quotes and capitals, in Latin among Cyrillic
name_heads      what it repeats at the head of names
brand_words     the shape of words that can be a brand, and how the catalogue spells them
common_words    words that names of goods are made of
"""
