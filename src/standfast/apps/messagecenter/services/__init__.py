"""The only writers of the message center: one module per thing that a person does."""
