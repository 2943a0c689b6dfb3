"""Planned maintenance: written, told, moved, carried out, called off."""
