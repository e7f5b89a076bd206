"""Count who signs Authentication-Results before somebody is believed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailboxes", sa.Column("authserv_seen", sa.JSON(), nullable=True))
    op.execute(sa.text("UPDATE mailboxes SET authserv_id = NULL"))  # one message had decided it: learned anew from many


def downgrade() -> None:
    op.drop_column("mailboxes", "authserv_seen")
