"""Products in the store: which offers are one, kept up to date for the offers that change."""
