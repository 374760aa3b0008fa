"""What the pages of «Planning» remember."""
