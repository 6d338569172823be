"""From bytes to rows to standardized rows: pure, no Ray, no network, no store.

In running order:

opening     bytes become sheets of cells: `formats` sniffs, `archive` `compound` `extents` check before anything is unpacked, `workbook`
            (`package`, `markup`, `number_formats`), `textfile` (`encodings`, `blanks`) and `pdf` (`glyphs` `rulings` `lattice` `rivers` `bands` `pages` `forms`)
            read; `grid` says what a sheet is
reading     sheets become raw rows: `headers` finds titles, `titles` understands them, `columns` looks at cells all the way down, `roles`
            weighs both, `tables` puts tables together, `rows` extracts, `layouts` asks
            what titles and cells leave open, `prices` reads amounts, `letterhead`, `countries`, `languages`,
            `barcodes` and `dates` the rest
explaining  why a list is read so
validation  raw rows become offers, duplicates, or rejects with a reason
rules       offers get standard fields without an LLM: `units` (`amounts`, `spellings`), `brands`, `taxonomy`, `glossary`; `confidence` says how
            far each rule is to be believed
beginning   a short list in one go, from its bytes to here
prompts     what the LLM is asked; `answers` believes only what `evidence` finds in the row
products    what was read joined with what was settled: the rows that are written; `suspicions` doubts what is no product's name
"""
