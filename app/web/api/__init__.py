"""The book API in the format of 鱼书."""
