"""reminders, and notes of contacts

Revision ID: 0016
Revises: 0015
"""
from alembic import op
import sqlalchemy as sa

from app.db import MomentType, Plain

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('reminder_habit',
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('hour', sa.BigInteger(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.CheckConstraint('hour BETWEEN 0 AND 23', name=op.f('ck_reminder_habit_hour_of_the_day')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_reminder_habit_centre_id')),
    sa.PrimaryKeyConstraint('centre_id', name=op.f('pk_reminder_habit'))
    )
    op.create_table('reminder_rung',
    sa.Column('id', REF, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('kind', Plain, nullable=False),
    sa.Column('days', sa.BigInteger(), nullable=False),
    sa.Column('used', sa.Boolean(), nullable=False),
    sa.Column('subject', Plain, nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('subject_en', Plain, nullable=False),
    sa.Column('words_en', sa.Text(), nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.CheckConstraint("kind IN ('week_before', 'due_day', 'week_after', 'three_weeks', 'decision')", name=op.f('ck_reminder_rung_kind_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_reminder_rung_act_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_reminder_rung_centre_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder_rung')),
    sa.UniqueConstraint('centre_id', 'kind', name=op.f('uq_reminder_rung_centre_id_kind'))
    )
    op.create_table('reminder',
    sa.Column('id', REF, nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('household_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('alone_on', sa.Date(), nullable=True),
    sa.Column('way', Plain, nullable=False),
    sa.Column('kind', Plain, nullable=False),
    sa.Column('subject', Plain, nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('letter_id', REF, nullable=True),
    sa.Column('outcome', Plain, nullable=True),
    sa.Column('done_act_id', REF, nullable=True),
    sa.CheckConstraint("kind IN ('week_before', 'due_day', 'week_after', 'three_weeks', 'decision')", name=op.f('ck_reminder_kind_known')),
    sa.CheckConstraint("outcome IN ('sent', 'done', 'not_needed', 'decided')", name=op.f('ck_reminder_outcome_known')),
    sa.CheckConstraint("way IN ('mail', 'call', 'letter', 'visit', 'decision')", name=op.f('ck_reminder_way_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_reminder_act_id')),
    sa.ForeignKeyConstraint(['centre_id', 'household_id'], ['household.centre_id', 'household.id'], name=op.f('fk_reminder_centre_id_household_id')),
    sa.ForeignKeyConstraint(['done_act_id'], ['act.id'], name=op.f('fk_reminder_done_act_id')),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_reminder_letter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    sa.UniqueConstraint('centre_id', 'id', name=op.f('uq_reminder_centre_id_id')),
    sa.UniqueConstraint('household_id', 'alone_on', name=op.f('uq_reminder_household_id_alone_on')),
    sa.UniqueConstraint('uuid', name=op.f('uq_reminder_uuid'))
    )
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reminder_act_id'), ['act_id'], unique=False)
        batch_op.create_index('ix_reminder_centre_id_way', ['centre_id', 'way', 'id'], unique=False)
        batch_op.create_index('ix_reminder_letter_id', ['letter_id'], unique=False)

    op.create_table('contact_note',
    sa.Column('id', REF, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('household_id', REF, nullable=False),
    sa.Column('loan_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('at', MomentType(), nullable=False),
    sa.Column('by', REF, nullable=False),
    sa.Column('kind', Plain, nullable=True),
    sa.Column('words', Plain, nullable=True),
    sa.Column('come_on', sa.Date(), nullable=True),
    sa.Column('salt', Plain, nullable=True),
    sa.CheckConstraint("kind IN ('reached', 'message', 'not_reached', 'will_come', 'came_by', 'other')", name=op.f('ck_contact_note_kind_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_contact_note_act_id')),
    sa.ForeignKeyConstraint(['centre_id', 'household_id'], ['household.centre_id', 'household.id'], name=op.f('fk_contact_note_centre_id_household_id')),
    sa.ForeignKeyConstraint(['centre_id', 'loan_id'], ['loan.centre_id', 'loan.id'], name=op.f('fk_contact_note_centre_id_loan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_note')),
    sa.UniqueConstraint('act_id', name=op.f('uq_contact_note_act_id'))
    )
    with op.batch_alter_table('contact_note', schema=None) as batch_op:
        batch_op.create_index('ix_contact_note_household_id', ['household_id', 'id'], unique=False)
        batch_op.create_index('ix_contact_note_loan_id', ['loan_id'], unique=False)

    op.create_table('reminder_stop',
    sa.Column('id', REF, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('loan_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('reason', Plain, nullable=True),
    sa.Column('salt', Plain, nullable=True),
    sa.Column('lifted_act_id', REF, nullable=True),
    sa.CheckConstraint("reason IN ('theft', 'death', 'hospital', 'dispute', 'other')", name=op.f('ck_reminder_stop_reason_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_reminder_stop_act_id')),
    sa.ForeignKeyConstraint(['centre_id', 'loan_id'], ['loan.centre_id', 'loan.id'], name=op.f('fk_reminder_stop_centre_id_loan_id')),
    sa.ForeignKeyConstraint(['lifted_act_id'], ['act.id'], name=op.f('fk_reminder_stop_lifted_act_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder_stop')),
    sa.UniqueConstraint('act_id', name=op.f('uq_reminder_stop_act_id'))
    )
    with op.batch_alter_table('reminder_stop', schema=None) as batch_op:
        batch_op.create_index('ix_reminder_stop_loan_id', ['loan_id'], unique=False)
        batch_op.create_index('uq_reminder_stop_running', ['loan_id'], unique=True, sqlite_where=sa.text('lifted_act_id IS NULL'), postgresql_where=sa.text('lifted_act_id IS NULL'))

    op.create_table('reminder_line',
    sa.Column('id', REF, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('reminder_id', REF, nullable=False),
    sa.Column('line_id', REF, nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('kind', Plain, nullable=False),
    sa.Column('part', Plain, nullable=False),
    sa.CheckConstraint("kind IN ('week_before', 'due_day', 'week_after', 'three_weeks', 'decision')", name=op.f('ck_reminder_line_kind_known')),
    sa.CheckConstraint("part IN ('message', 'visit', 'decision')", name=op.f('ck_reminder_line_part_known')),
    sa.ForeignKeyConstraint(['centre_id', 'line_id'], ['loan_line.centre_id', 'loan_line.id'], name=op.f('fk_reminder_line_centre_id_line_id')),
    sa.ForeignKeyConstraint(['centre_id', 'reminder_id'], ['reminder.centre_id', 'reminder.id'], name=op.f('fk_reminder_line_centre_id_reminder_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder_line')),
    sa.UniqueConstraint('line_id', 'due_on', 'kind', 'part', name=op.f('uq_reminder_line_line_id_due_on_kind_part'))
    )
    with op.batch_alter_table('reminder_line', schema=None) as batch_op:
        batch_op.create_index('ix_reminder_line_reminder_id', ['reminder_id'], unique=False)

    op.add_column('centre', sa.Column('email', Plain, nullable=True))
    for name, kind in (('sender_name', Plain), ('reply_to', Plain), ('bounced_at', MomentType())):
        op.add_column('letter', sa.Column(name, kind, nullable=True))


def downgrade():
    for name in ('bounced_at', 'reply_to', 'sender_name'):
        op.drop_column('letter', name)
    op.drop_column('centre', 'email')
    for table in ('reminder_line', 'reminder_stop', 'contact_note', 'reminder', 'reminder_rung', 'reminder_habit'):
        op.drop_table(table)
