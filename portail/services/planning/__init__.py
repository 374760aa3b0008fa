"""The planning: what is shown, what is pending, what is confirmed."""
