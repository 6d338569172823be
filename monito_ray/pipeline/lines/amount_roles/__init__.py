"""What amounts of a text are besides the price of one thing: sums, fees, prices of other quantities, old prices, thousands."""
