"""From a mailbox to stored facts: fetch, keep (T1), understand in a child process, record (T2)."""
