"""Steps on long lists in a process of their own: their rows take neither the memory of the driver nor the time of its interpreter."""
