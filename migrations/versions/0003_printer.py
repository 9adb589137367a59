"""printer

Revision ID: 0003
Revises: 0002
"""
from alembic import op
import sqlalchemy as sa

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('sheet_printer',
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('right', sa.BigInteger(), nullable=False),
    sa.Column('down', sa.BigInteger(), nullable=False),
    sa.Column('across', sa.BigInteger(), nullable=False),
    sa.Column('along', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_sheet_printer_act_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_sheet_printer_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', name=op.f('pk_sheet_printer')),
    sa.UniqueConstraint('act_id', name=op.f('uq_sheet_printer_act_id'))
    )


def downgrade():
    op.drop_table('sheet_printer')
