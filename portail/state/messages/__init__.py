"""Messages, in words."""
