"""The database: tables, transactions, locks, copies, migrations."""
