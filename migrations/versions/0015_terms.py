"""terms: parts still owed, what a centre settles, days it is shut, wishes to keep longer

Revision ID: 0015
Revises: 0014
"""
import json

from alembic import op
import sqlalchemy as sa

from app.db import MomentType, Plain

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("closed_at IS NULL")

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'owed_part',
        sa.Column('id', REF, nullable=False),
        sa.Column('centre_id', REF, nullable=False),
        sa.Column('line_id', REF, nullable=False),
        sa.Column('hand_over_id', REF, nullable=False),
        sa.Column('name', Plain, nullable=False),
        sa.Column('closed_at', MomentType(), nullable=True),
        sa.Column('ending', Plain, nullable=True),
        sa.Column('act_id', REF, nullable=True),
        sa.Column('reason', Plain, nullable=True),
        sa.CheckConstraint("ending IN ('received', 'replaced', 'let_go', 'undone')", name=op.f('ck_owed_part_ending_known')),
        sa.CheckConstraint('(closed_at IS NULL) = (ending IS NULL)', name=op.f('ck_owed_part_ending_when_closed')),
        sa.ForeignKeyConstraint(['centre_id', 'line_id'], ['loan_line.centre_id', 'loan_line.id'], name=op.f('fk_owed_part_centre_id_line_id')),
        sa.ForeignKeyConstraint(['centre_id', 'hand_over_id'], ['hand_over.centre_id', 'hand_over.id'], name=op.f('fk_owed_part_centre_id_hand_over_id')),
        sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_owed_part_act_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_owed_part')),
    )
    op.create_index('ix_owed_part_line_id', 'owed_part', ['line_id'])
    op.create_index('ix_owed_part_hand_over_id', 'owed_part', ['hand_over_id'])
    op.create_index('ix_owed_part_open', 'owed_part', ['centre_id', 'id'], sqlite_where=OPEN, postgresql_where=OPEN)
    _open_what_was_said_to_be_missing()
    _what_a_centre_settles()
    _wishes_to_keep_longer()
    _lines_let_go()
    _deposits()
    _complaints()


def _complaints():
    op.create_table(
        'complaint',
        sa.Column('id', REF, nullable=False),
        sa.Column('centre_id', REF, nullable=False),
        sa.Column('loan_id', REF, nullable=False),
        sa.Column('file_id', REF, nullable=False),
        sa.Column('act_id', REF, nullable=False),
        sa.Column('gone_act_id', REF, nullable=True),
        sa.ForeignKeyConstraint(['centre_id', 'loan_id'], ['loan.centre_id', 'loan.id'], name=op.f('fk_complaint_centre_id_loan_id')),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_complaint_file_id')),
        sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_complaint_act_id')),
        sa.ForeignKeyConstraint(['gone_act_id'], ['act.id'], name=op.f('fk_complaint_gone_act_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint')),
        sa.UniqueConstraint('file_id', name=op.f('uq_complaint_file_id')),
        sa.UniqueConstraint('act_id', name=op.f('uq_complaint_act_id')),
    )
    op.create_index('ix_complaint_loan_id', 'complaint', ['loan_id'])


def _deposits():
    op.create_table(
        'deposit',
        sa.Column('id', REF, nullable=False),
        sa.Column('centre_id', REF, nullable=False),
        sa.Column('loan_id', REF, nullable=False),
        sa.Column('act_id', REF, nullable=False),
        sa.Column('amount_cents', sa.BigInteger(), nullable=False),
        sa.Column('last_four', Plain, nullable=True),
        sa.Column('dated_on', sa.Date(), nullable=False),
        sa.Column('kept_where', Plain, nullable=True),
        sa.Column('closed_at', MomentType(), nullable=True),
        sa.Column('ending', Plain, nullable=True),
        sa.CheckConstraint('amount_cents >= 0', name=op.f('ck_deposit_amount')),
        sa.CheckConstraint('(closed_at IS NULL) = (ending IS NULL)', name=op.f('ck_deposit_ending_when_closed')),
        sa.CheckConstraint("ending IN ('returned', 'destroyed')", name=op.f('ck_deposit_ending_known')),
        sa.ForeignKeyConstraint(['centre_id', 'loan_id'], ['loan.centre_id', 'loan.id'], name=op.f('fk_deposit_centre_id_loan_id')),
        sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_deposit_act_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_deposit')),
        sa.UniqueConstraint('act_id', name=op.f('uq_deposit_act_id')),
    )
    op.create_index('ix_deposit_loan_id', 'deposit', ['loan_id'])
    op.create_index('ix_deposit_open', 'deposit', ['centre_id', 'dated_on'], sqlite_where=OPEN, postgresql_where=OPEN)


def _lines_let_go():
    op.create_table(
        'let_go',
        sa.Column('id', REF, nullable=False),
        sa.Column('centre_id', REF, nullable=False),
        sa.Column('line_id', REF, nullable=False),
        sa.Column('act_id', REF, nullable=False),
        sa.Column('reason', Plain, nullable=True),
        sa.ForeignKeyConstraint(['centre_id', 'line_id'], ['loan_line.centre_id', 'loan_line.id'], name=op.f('fk_let_go_centre_id_line_id')),
        sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_let_go_act_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_let_go')),
        sa.UniqueConstraint('act_id', name=op.f('uq_let_go_act_id')),
    )
    op.create_index('ix_let_go_line_id', 'let_go', ['line_id'])


def _what_a_centre_settles():
    op.create_table(
        'lending_policy',
        sa.Column('id', REF, nullable=False),
        sa.Column('centre_id', REF, nullable=False),
        sa.Column('act_id', REF, nullable=False),
        sa.Column('at_once', sa.BigInteger(), nullable=False),
        sa.Column('extensions', sa.BigInteger(), nullable=False),
        sa.Column('longest_months', sa.BigInteger(), nullable=False),
        sa.Column('cap_cents', sa.BigInteger(), nullable=True),
        sa.Column('deposit_cents', sa.BigInteger(), nullable=True),
        sa.Column('lengths', sa.JSON(), nullable=False),
        sa.CheckConstraint('at_once >= 1 AND extensions >= 0 AND longest_months >= 1', name=op.f('ck_lending_policy_limits')),
        sa.CheckConstraint('cap_cents >= 0 AND deposit_cents >= 0', name=op.f('ck_lending_policy_amounts')),
        sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_lending_policy_centre_id')),
        sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_lending_policy_act_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_lending_policy')),
        sa.UniqueConstraint('act_id', name=op.f('uq_lending_policy_act_id')),
    )
    op.create_index('ix_lending_policy_centre_id_id', 'lending_policy', ['centre_id', 'id'])
    op.create_table(
        'closure',
        sa.Column('id', REF, nullable=False),
        sa.Column('centre_id', REF, nullable=False),
        sa.Column('act_id', REF, nullable=False),
        sa.Column('from_day', sa.Date(), nullable=False),
        sa.Column('to_day', sa.Date(), nullable=False),
        sa.Column('words', Plain, nullable=False),
        sa.Column('gone_act_id', REF, nullable=True),
        sa.CheckConstraint('from_day <= to_day', name=op.f('ck_closure_in_order')),
        sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_closure_centre_id')),
        sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_closure_act_id')),
        sa.ForeignKeyConstraint(['gone_act_id'], ['act.id'], name=op.f('fk_closure_gone_act_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_closure')),
        sa.UniqueConstraint('act_id', name=op.f('uq_closure_act_id')),
    )
    op.create_index('ix_closure_centre_id_from_day', 'closure', ['centre_id', 'from_day'])


def _wishes_to_keep_longer():
    op.create_table(
        'extension_request',
        sa.Column('id', REF, nullable=False),
        sa.Column('centre_id', REF, nullable=False),
        sa.Column('loan_id', REF, nullable=False),
        sa.Column('act_id', REF, nullable=False),
        sa.Column('wished_on', sa.Date(), nullable=False),
        sa.Column('how', Plain, nullable=False),
        sa.Column('devices', sa.JSON(), nullable=False),
        sa.Column('state', Plain, nullable=False),
        sa.Column('answered_at', MomentType(), nullable=True),
        sa.Column('answered_by', REF, nullable=True),
        sa.Column('answer_act_id', REF, nullable=True),
        sa.Column('reason', Plain, nullable=True),
        sa.CheckConstraint("how IN ('desk', 'phone', 'visit', 'portal')", name=op.f('ck_extension_request_how_known')),
        sa.CheckConstraint("state IN ('open', 'granted', 'refused', 'undone')", name=op.f('ck_extension_request_state_known')),
        sa.ForeignKeyConstraint(['centre_id', 'loan_id'], ['loan.centre_id', 'loan.id'], name=op.f('fk_extension_request_centre_id_loan_id')),
        sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_extension_request_act_id')),
        sa.ForeignKeyConstraint(['answer_act_id'], ['act.id'], name=op.f('fk_extension_request_answer_act_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_extension_request')),
    )
    op.create_index('ix_extension_request_loan_id', 'extension_request', ['loan_id', 'id'])
    op.create_index('ix_extension_request_state', 'extension_request', ['centre_id', 'state', 'id'])


def _open_what_was_said_to_be_missing():
    """Returns of before said in words what was missing; those that were undone since owe nothing."""
    bind = op.get_bind()
    rows = bind.execute(sa.text(
        "SELECT i.centre_id, i.line_id, i.hand_over_id, i.missing, h.uuid FROM hand_over_item i "
        "JOIN hand_over h ON h.id = i.hand_over_id WHERE h.way = 'back' ORDER BY i.id"
    )).all()
    undone = {json.loads(facts)["hand_over"]: (number, at) for number, at, facts in bind.execute(
        sa.select(sa.column('id'), sa.column('recorded_at', MomentType()), sa.column('facts'))
        .select_from(sa.table('act')).where(sa.column('kind') == 'return_undo')
    )}
    owed = sa.table('owed_part', *(sa.column(name) for name in (
        'centre_id', 'line_id', 'hand_over_id', 'name', 'ending', 'act_id')), sa.column('closed_at', MomentType()))
    for centre_id, line_id, hand_over_id, missing, uuid in rows:
        act, at = undone.get(str(uuid).replace("-", ""), (None, None))
        for name in filter(None, json.loads(missing) if isinstance(missing, str) else missing):
            bind.execute(owed.insert().values(
                centre_id=centre_id, line_id=line_id, hand_over_id=hand_over_id, name=name, closed_at=at,
                ending='undone' if act else None, act_id=act,
            ))


def downgrade():
    for table in ('complaint', 'deposit', 'let_go', 'extension_request', 'closure', 'lending_policy', 'owed_part'):
        op.drop_table(table)
