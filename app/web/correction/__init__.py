"""Pages on which readers take back and change what was done or said in an exchange."""
