"""The pages of «Planning»."""
