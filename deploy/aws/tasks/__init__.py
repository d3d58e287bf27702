"""What runs once inside the network: Lambda functions that a deployment calls."""
