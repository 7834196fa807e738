"""What lasts: workspaces with datasets and their versions, scenarios, own rules, settings, the log.

SQLite in the user's data folder by default, PostgreSQL by `CIM_DATABASE_URL`.
"""
