"""Writing an issue: the draft, the preview for a chosen tenant, the publishing."""
