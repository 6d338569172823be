"""Versions of what decides how a row comes out. Raise one when its part answers differently: what was made by another is made anew."""

READER = "3"
RULES = "3"
PROMPT = 3
PIPELINE = f"reader {READER}, rules {RULES}, prompt {PROMPT}"
