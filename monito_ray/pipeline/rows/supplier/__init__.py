"""What a list shows of its supplier: names, tax numbers, telephones, addresses in the internet, and what its rows are."""
