"""The stages of a send plan. Each takes the entries still to be told and sets aside the others."""
