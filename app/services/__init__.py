"""What a reader can do: one public function an action."""
