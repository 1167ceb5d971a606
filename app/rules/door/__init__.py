"""Rules about who may register."""
