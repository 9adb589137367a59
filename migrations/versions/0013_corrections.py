"""corrections of loans

Revision ID: 0013
Revises: 0012
"""
from alembic import op
import sqlalchemy as sa

from app.db import Plain

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('correction',
    sa.Column('id', REF, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('loan_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('reason', Plain, nullable=True),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_correction_act_id')),
    sa.ForeignKeyConstraint(['centre_id', 'loan_id'], ['loan.centre_id', 'loan.id'], name=op.f('fk_correction_centre_id_loan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction')),
    sa.UniqueConstraint('act_id', name=op.f('uq_correction_act_id'))
    )
    op.create_index('ix_correction_loan_id', 'correction', ['loan_id'])


def downgrade():
    op.drop_table('correction')
