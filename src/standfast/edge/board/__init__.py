"""The board: what each tenant may see, kept as bytes that only have to be joined.

`world` holds the issues, services and tenants of one moment, made by the feeder, `tokens` who may
ask; `template` (of `lines`) and `statuspage` join a tenant's answer, `board` finds who asks and
keeps what was joined lately, `visitors` finds the public page in the visitor's language. Whenever
anything is in doubt the answer is None, and the application behind answers from the database.
"""
