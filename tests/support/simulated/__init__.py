"""A simulation of the service: the product's own code over simulated time, threads, disks, chats and an LLM, with faults planned by a seed."""
