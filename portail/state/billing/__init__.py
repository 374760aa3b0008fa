"""What the screens of invoices and payment remember."""
