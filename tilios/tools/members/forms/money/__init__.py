"""Forms of the pages of money, one module a subject."""
