"""What puts the desk somewhere: the local stack, sample data, AWS."""
