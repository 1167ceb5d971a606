"""Pages of copies, wishes and drifts."""
