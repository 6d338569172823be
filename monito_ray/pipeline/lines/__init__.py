"""Lines: running text, such as a chat, a menu or the page of a catalogue, becomes offers. `reading.read_lines` is the door."""
