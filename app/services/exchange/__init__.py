"""The exchange: copies, wishes, drifts and what follows from them."""
