"""Wire formats: our facts in the shapes that other programs read. No request, no clock."""
