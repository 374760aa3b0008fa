"""The screens of invoices and payment."""
