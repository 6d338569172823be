"""Work on strangers' bytes in a process of its own, which the kernel holds to limits of memory and processor time."""
