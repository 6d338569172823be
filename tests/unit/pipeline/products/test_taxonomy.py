"""The categories of products, and what they are in Shopify's taxonomy."""

import re
from importlib.resources import files

from monito_ray.pipeline.products import taxonomy


def test_each_category_is_listed_once():
    """There are some ninety, `other` is the last, and the first words, which are their keys, differ."""
    names = taxonomy.category_names()
    assert 70 <= len(names) <= 110
    assert len({name.split()[0] for name in names}) == len(names)
    assert names[-1] == taxonomy.OTHER


def test_each_category_has_ids_of_its_own():
    """No main id stands for two categories, and all are written as Shopify writes them."""
    names = taxonomy.category_names()
    main = [taxonomy.identifiers(name)[0] for name in names]
    assert len(set(main)) == len(main)
    assert all(re.fullmatch(r"[a-z]{2}(-\d+)*", each) for name in names for each in taxonomy.identifiers(name))


def test_the_licence_of_that_taxonomy_stands_beside():
    """Its terms ask for that."""
    licence = files("monito_ray.pipeline.data") / "taxonomy.LICENSE.txt"
    assert "Copyright (c) Shopify" in licence.read_text(encoding="utf-8")


def test_a_category_includes_narrower_ones():
    """Wine is alcohol, which is a beverage; of one family are all that people eat and drink."""
    assert {"wine", "beer & cider", "spirits & liqueurs", "alcohol"} <= set(taxonomy.includes("alcohol"))
    assert set(taxonomy.includes("alcohol")) < set(taxonomy.includes("beverages"))
    assert taxonomy.includes("bakery") == ("bakery",)
    assert taxonomy.family("wine") == taxonomy.family("bakery") != taxonomy.family("tools")
