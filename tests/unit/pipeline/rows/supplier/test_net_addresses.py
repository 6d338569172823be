"""Addresses in the internet."""

import pytest

from monito_ray.pipeline.rows.supplier.net_addresses import mailboxes_in, sites_in


@pytest.mark.parametrize(
    ("text", "mailboxes"),
    [
        ("E-mail: Sales@Zarvex.co.id", [("sales@zarvex.co.id", "zarvex.co.id")]),
        ("zarvex.jaya@gmail.com", [("zarvex.jaya@gmail.com", "")]),
        ("ooo@ooooo.ooo", []),
        ("5 kg @ 12.000", []),
    ],
)
def test_a_mailbox_where_everybody_has_one_has_no_domain(text: str, mailboxes: list[tuple[str, str]]):
    """It is the mailbox alone that says whose it is; one made illegible says nothing."""
    assert list(mailboxes_in(text)) == mailboxes


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("www.zarvex.org/catalog", ["zarvex.org"]),
        ("zarvex.com | call us", ["zarvex.com"]),
        ("instagram.com/zarvex.bali", ["instagram.com/zarvex.bali"]),
        ("instagram.com", []),
        ("Fresh.Fish and image.png", []),
        ("sales@zarvex.com", []),
    ],
)
def test_a_page_on_a_site_of_everybody_keeps_its_path(text: str, sites: list[str]):
    """Half sentences and names of files are no addresses."""
    assert list(sites_in(text)) == sites
