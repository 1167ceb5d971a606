"""What is allowed: pure functions and the refusals."""
