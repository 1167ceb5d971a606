"""What is done to the texts of records: cleaning, names, keys to sort by."""
