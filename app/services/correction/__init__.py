"""Taking back and changing what was done or said in an exchange."""
