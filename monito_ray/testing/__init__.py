"""Small servers that speak the outside protocols; nobody imports them but tests, benchmarks and examples."""
