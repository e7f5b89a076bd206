"""Find what waits, and what belongs to an application or a person, without looking through all that was ever taken in."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NEW = (
    ("ix_messages_application_id", "messages", ["application_id"]),
    ("ix_candidate_addresses_candidate_id", "candidate_addresses", ["candidate_id"]),
    ("ix_outbox_application_id", "outbox", ["application_id"]),
)
_OTHER_ORDER = (
    ("ix_messages_waiting", "messages", ["state", "quiet", "received_at", "id"], ["state", "id"]),
    ("ix_messages_sha256", "messages", ["sha256", "mailbox_id"], ["sha256"]),
    ("ix_outbox_due", "outbox", ["state", "id"], ["state", "not_before"]),
)


def upgrade() -> None:
    for name, table, columns in _NEW:
        op.create_index(name, table, columns)
    for name, table, columns, _ in _OTHER_ORDER:
        op.drop_index(name, table)
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _, columns in _OTHER_ORDER:
        op.drop_index(name, table)
        op.create_index(name, table, columns)
    for name, table, _ in _NEW:
        op.drop_index(name, table)
