"""What a price buys: quantities in texts, the measure of a row, and the price that can be compared.

quantities      numbers with units in a text               matched by `quantity_patterns`
measures        size, pieces and price unit of a row       from its name and columns
base_prices     price of one kg, l, m or piece             left blank where the row or its neighbours contradict it
"""
