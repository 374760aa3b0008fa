"""What the screens of «Planning» remember."""
