"""The pages of the news."""
