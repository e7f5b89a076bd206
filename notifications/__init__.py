"""From stored facts to mail: what must be said is composed once, frozen, and given away once."""
