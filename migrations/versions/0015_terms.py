"""terms: parts still owed

Revision ID: 0015
Revises: 0010
"""
import json

from alembic import op
import sqlalchemy as sa

from app.db import MomentType, Plain

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("closed_at IS NULL")

revision = '0015'
down_revision = '0010'
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
    op.drop_table('owed_part')
