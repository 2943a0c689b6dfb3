"""Pages, by audience: console (provider), portal (tenant), partner, public."""
