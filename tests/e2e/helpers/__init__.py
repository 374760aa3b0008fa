"""What the scenarios share: a server of their own, watched browsers, mails, people."""
