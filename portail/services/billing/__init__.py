"""Invoices from what was booked and attended, credit notes, and the statement of account."""
