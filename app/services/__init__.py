"""What a reader can do: one public function for each action."""
