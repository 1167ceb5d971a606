"""Who may register: invitations, and readers who wait to be let in."""
