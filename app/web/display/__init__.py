"""How templates show things."""
