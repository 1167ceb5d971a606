"""What is done to texts before they are indexed or searched."""
