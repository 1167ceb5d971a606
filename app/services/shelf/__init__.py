"""The books that a reader has, and brings along."""
