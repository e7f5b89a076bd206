"""One person, many addresses: suspected doubles, merged applications, and what each message said of its sender."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("candidates", sa.Column("name_key", sa.Text(), nullable=True))
    op.create_index("ix_candidates_name_key", "candidates", ["name_key"])
    op.create_index("ix_candidates_phone", "candidates", ["phone"])
    op.add_column("applications", sa.Column("applicant_email", sa.Text(), nullable=True))
    op.add_column("applications", sa.Column("cv_email", sa.Text(), nullable=True))
    op.create_index("ix_applications_applicant_email", "applications", ["applicant_email"])
    op.create_index("ix_applications_cv_email", "applications", ["cv_email"])
    op.add_column("messages", sa.Column("profile", sa.JSON(), nullable=True))
    op.add_column("documents", sa.Column("believed", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.create_table(
        "doubles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["one_id"], ["applications.id"], name=op.f("fk_doubles_one_id_applications"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["applications.id"], name=op.f("fk_doubles_other_id_applications"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubles")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_doubles_one_id_other_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_doubles_other_id", "doubles", ["other_id"])
    op.create_table(
        "former_references",
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_former_references_application_id_applications"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_former_references")),
    )
    op.create_index("ix_former_references_application_id", "former_references", ["application_id"])
    _name_keys()
    _doubles_by_cv()


def downgrade() -> None:
    op.drop_table("former_references")
    op.drop_table("doubles")
    op.drop_column("documents", "believed")
    op.drop_column("messages", "profile")
    op.drop_index("ix_applications_cv_email", "applications")
    op.drop_index("ix_applications_applicant_email", "applications")
    op.drop_column("applications", "cv_email")
    op.drop_column("applications", "applicant_email")
    op.drop_index("ix_candidates_phone", "candidates")
    op.drop_index("ix_candidates_name_key", "candidates")
    op.drop_column("candidates", "name_key")


def _name_keys() -> None:
    """Give the people who are stored already their key; said here again, because a migration must not change when the code does."""
    candidates = sa.table("candidates", sa.column("id"), sa.column("name"), sa.column("name_key"))
    connection = op.get_bind()
    for number, name in connection.execute(sa.select(candidates.c.id, candidates.c.name).where(candidates.c.name.is_not(None))).all():
        flat = unicodedata.normalize("NFKD", name.lower())
        kept = "".join(sign if sign.isalpha() else " " for sign in flat if not unicodedata.combining(sign))
        key = " ".join(sorted(set(kept.split()))) or None
        connection.execute(candidates.update().where(candidates.c.id == number).values(name_key=key))


def _doubles_by_cv() -> None:
    """Keep what was flagged as a possible double before: the same CV from two people."""
    pairs = sa.text(
        "SELECT DISTINCT one.id, other.id FROM documents mine"
        " JOIN documents theirs ON theirs.sha256 = mine.sha256 AND theirs.role = 'cv'"
        " JOIN applications one ON one.id = mine.application_id JOIN applications other ON other.id = theirs.application_id"
        " WHERE mine.role = 'cv' AND one.id < other.id AND one.candidate_id <> other.candidate_id"
    )
    doubles = sa.table(
        "doubles", sa.column("one_id"), sa.column("other_id"), sa.column("evidence", sa.JSON()), sa.column("found_at", sa.DateTime())
    )
    connection = op.get_bind()
    for one, other in connection.execute(pairs).all():
        evidence = [{"kind": "cv", "detail": ""}]
        found = {"one_id": one, "other_id": other, "evidence": evidence, "found_at": sa.func.current_timestamp()}
        connection.execute(doubles.insert().values(found))
