"""Versions of the parts that decide how a row comes out.

Raise one when its part answers differently: artifacts and submissions of another version are not used again.
"""

READER = "10"
RULES = "10"
PROMPT = 6
PIPELINE = f"reader {READER}, rules {RULES}, prompt {PROMPT}"
