"""E-mail over SMTP, or into a folder for trying things out."""
