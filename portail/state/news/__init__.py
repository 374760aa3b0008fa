"""What the pages of the news remember."""
