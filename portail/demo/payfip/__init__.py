"""A PayFiP of our own: the State's payment service in small, for the demo and the tests.

It speaks the protocol of the real one (SOAP, as its published description says), so that the portal
reaches it through the same library code. No card is asked for and no money moves.
"""
