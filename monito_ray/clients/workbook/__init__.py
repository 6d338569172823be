"""Planned sheets drawn as an xlsx: the frame of each by xlsxwriter, its cells by a writer of our own, unchanged sheets copied."""
