"""The shape of a photographed page: how its rows and columns run, and the page made flat."""
