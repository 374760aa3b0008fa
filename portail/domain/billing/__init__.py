"""Invoices: what a family owes for a month, and the books that say so. Amounts are cents."""
