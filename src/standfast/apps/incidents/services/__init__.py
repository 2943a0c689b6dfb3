"""The only writers of incidents: one module per thing that a person does."""
