"""the words of an agreement are pressed by lz4 where PostgreSQL has it: a twentieth of what a loan costs it

Revision ID: 0024
Revises: 0023
"""
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade():
    press('lz4')


def downgrade():
    press('pglz')


def press(method):
    """Of rows to come; those that are there are read as before. A PostgreSQL built without lz4 goes on as it was."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f"""
            DO $$ BEGIN
                ALTER TABLE agreement ALTER COLUMN words SET COMPRESSION {method};
            EXCEPTION WHEN feature_not_supported THEN
                RAISE NOTICE 'no {method} here';
            END $$
        """)
