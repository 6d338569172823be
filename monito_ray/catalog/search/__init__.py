"""Search for products as people type: in any of the languages, misspelt, in any order; an index in the store, kept with the offers."""
