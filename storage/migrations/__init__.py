"""Changes of the schema, in order; applied by `storage.database.upgrade`."""
