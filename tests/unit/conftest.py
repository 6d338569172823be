"""Unit tests in less time."""

import gc

# Thousands of small tests keep what they made until the end: to look through all of it again and again takes a sixth of the time.
gc.set_threshold(100_000, 50, 100)
