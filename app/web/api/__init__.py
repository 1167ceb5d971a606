"""The book API in 鱼书's shape."""
