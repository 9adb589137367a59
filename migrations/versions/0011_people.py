"""people: the rest of a household's card, what they say no to, households that were split

Revision ID: 0011
Revises: 0010
"""
from alembic import op
import sqlalchemy as sa

from app.db import MomentType, Plain

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = Plain
ENDINGS = "ending IN ('returned', 'undone', 'lost', 'split', 'swapped', 'corrected', 'let_go')"
FORMER = "ending IN ('returned', 'undone', 'lost')"
THEIRS = ['household.centre_id', 'household.id']

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade():
    _endings(ENDINGS)
    op.add_column('household', sa.Column('split_at', MomentType(), nullable=True))
    op.create_index('ix_household_identity_centre_id_contact', 'household_identity', ['centre_id', 'contact'])
    op.create_table('household_card',
    sa.Column('household_id', REF, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('adults', sa.JSON(), nullable=False),
    sa.Column('minors', sa.JSON(), nullable=False),
    sa.Column('guardian', sa.Boolean(), nullable=False),
    sa.Column('interpreter', sa.Boolean(), nullable=False),
    sa.Column('prescriber', TEXT, nullable=False),
    sa.Column('also_kind', TEXT, nullable=False),
    sa.Column('also', TEXT, nullable=False),
    sa.Column('reminders', TEXT, nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('address_for', TEXT, nullable=False),
    sa.Column('show_address', sa.Boolean(), nullable=False),
    sa.CheckConstraint("also_kind IN ('', 'phone', 'mail')", name=op.f('ck_household_card_also_kind_known')),
    sa.CheckConstraint("reminders IN ('', 'phone', 'mail', 'post', 'via_referent', 'never')", name=op.f('ck_household_card_reminders_known')),
    sa.CheckConstraint("address_for IN ('', 'delivery', 'fetch', 'letter')", name=op.f('ck_household_card_address_for_known')),
    sa.CheckConstraint("(address = '') = (address_for = '')", name=op.f('ck_household_card_address_needed')),
    sa.CheckConstraint("(also = '') = (also_kind = '')", name=op.f('ck_household_card_also_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_household_card_act_id')),
    sa.ForeignKeyConstraint(['centre_id', 'household_id'], THEIRS, name=op.f('fk_household_card_centre_id_household_id')),
    sa.PrimaryKeyConstraint('household_id', name=op.f('pk_household_card'))
    )
    op.create_index('ix_household_card_centre_id_also', 'household_card', ['centre_id', 'also'])
    op.create_table('opposition',
    sa.Column('id', REF, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('household_id', REF, nullable=False),
    sa.Column('what', TEXT, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('since', MomentType(), nullable=False),
    sa.Column('until', MomentType(), nullable=True),
    sa.CheckConstraint("what IN ('figures', 'reminders')", name=op.f('ck_opposition_what_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_opposition_act_id')),
    sa.ForeignKeyConstraint(['centre_id', 'household_id'], THEIRS, name=op.f('fk_opposition_centre_id_household_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opposition')),
    sa.UniqueConstraint('act_id', name=op.f('uq_opposition_act_id'))
    )
    op.create_index('ix_opposition_household_id', 'opposition', ['household_id'])


def downgrade():
    op.drop_column('household', 'split_at')
    _endings(FORMER)
    op.drop_table('opposition')
    op.drop_table('household_card')
    op.drop_index('ix_household_identity_centre_id_contact', 'household_identity')


def _endings(check):
    """A loan may end in more ways than one. SQLite builds the table anew, named checks and all."""
    for table in ('loan', 'loan_line'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f'ck_{table}_ending_known'), type_='check')
            batch_op.create_check_constraint(op.f(f'ck_{table}_ending_known'), check)
