"""One outside thing each, its errors translated into ours."""
