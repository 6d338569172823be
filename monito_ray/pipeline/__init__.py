"""From bytes to rows to standardized rows: pure, no Ray, no network, no store.

The stages in running order, with the function that is each stage's door:

    files      open_sheets            bytes become sheets of cells, whatever the format (`pdf` reads pages)
    tables     find_tables            sheets become tables: header, rows, and what each column holds
    lines      read_lines             running text becomes offers: chats, menus, catalogues in prose
    rows       extract_lines          tables become lines: offers, section titles, notes
               assemble               lines become the list: raw rows, supplier, currency, date
               validate               raw rows become good rows, duplicates, and rejects with a reason
    products   standardize            good rows get name, brand, size, pack and category by the built-in rules
    llm        user_message, check    what an LLM is asked of a row, and what of its answer is believed
    products   build_products         good rows and their standards become the rows that are written

`short_list` runs a short list through them in one go, `explanation` shows what each of them saw. Under them lies the ground: `cells`, `prices`,
`currencies`, `dates`, `units`, `spellings`, and the `lexicon` with every word of a human language.
docs/architecture.md follows a list's bytes through these functions.
"""
