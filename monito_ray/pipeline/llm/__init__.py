"""Questions to an LLM, and the checks of its answers.

questions         what every kind of question has
row_question      what products rows are: sent in the words of `prompts`, accepted by `answer_checks` as far as `evidence` proves it
number_templates  one row is asked about for all that differ from it in numbers alone
layout_question   which columns of a table hold names and prices
"""
