"""What the report and the charts shall show, planned from the catalogue. Pure, but for the reading of what they need."""
