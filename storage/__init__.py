"""What is true, and what may be done to it: the only room that knows the database and the document store.

Takes and gives `parsing`'s dataclasses and its own read models; ORM entities never leave it.
"""
