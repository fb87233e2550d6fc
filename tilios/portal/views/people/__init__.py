"""Pages of people: the list, records, groups, invitations, imports, acting for somebody."""
