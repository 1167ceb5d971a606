"""The exchange: copies, wishes, drifts and their effects."""
