"""The text of a page as running lines, in the order in which a person reads them; `reading_order.page_lines` is the way in."""
