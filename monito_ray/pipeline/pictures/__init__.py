"""Pictures of pages become words with places, which `pipeline.pdf` makes tables of; wants the extra `ocr`.

The chain: bytes -> pixels (`decoding`) -> the right way up and flat (`flattening`, `curved_lines`, `row_shift`) -> drawn lines (`drawn_lines`) -> where text is (`text_places`)
-> what it says, each character with its certainty (`text_reading`, `scripts`) -> numbers looked at twice (`second_look`) -> a page of runs and rulings (`picture_pages`).
"""
