"""Members: the register of the association, its dues, the money that comes in."""
