"""Mails: one function for each, which takes values and returns subject, text and HTML; `sender.send` sends them."""
