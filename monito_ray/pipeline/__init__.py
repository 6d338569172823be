"""From bytes to rows to standardized rows: pure, no Ray, no network, no store."""
