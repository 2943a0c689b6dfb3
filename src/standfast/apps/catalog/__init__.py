"""What the provider runs and who uses which part of it: services, components, placements."""
