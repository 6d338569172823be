"""What a line says in the script that its page is written in: Latin letters by the network, Cyrillic ones by Tesseract."""
