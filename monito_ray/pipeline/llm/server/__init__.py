"""What is known of the servers and models that are asked."""
