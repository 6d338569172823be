"""Questions to an LLM, the checks of its answers, and what of them counts.

questions         what every kind of question has
gate              which fields of a row are open; `row_items`: the row with the others
row_question      what products rows are: sent in the words of `prompts`, answered in one of `answer_forms`
answer_checks     what of an answer can be believed, as far as `evidence` proves it; `answer_text` finds answers, `answer_parts` reads them
merge             rules and answer, field by field; `name_overlap` compares names with their rows
number_templates  one row is asked about for all that differ from it in numbers alone
layout_question   which columns of a table hold names and prices
"""
