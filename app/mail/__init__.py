"""Mails: one function a message, values in, subject + text + HTML out; `sender.send` sends."""
