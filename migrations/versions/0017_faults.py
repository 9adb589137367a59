"""known faults of things, the condition of each thing that changes hands point by point, photos of it

Revision ID: 0017
Revises: 0016
"""
from alembic import op
import sqlalchemy as sa

from app.db import Plain

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

# A part that is still owed is missing on its thing: whoever borrows it next is told. Not where it was lent again since
# then: that agreement said it was whole, and nobody is to answer for what was missing before.
OWED = """
INSERT INTO device_fault (device_id, point, grade, note, act_id, ended_act_id)
SELECT loan_line.device_id, owed_part.name, 'missing', '', min(hand_over.act_id), NULL
FROM owed_part
JOIN loan_line ON loan_line.id = owed_part.line_id
JOIN hand_over ON hand_over.id = owed_part.hand_over_id
WHERE owed_part.closed_at IS NULL
AND NOT EXISTS (SELECT 1 FROM loan_line AS later WHERE later.device_id = loan_line.device_id AND later.id > loan_line.id)
GROUP BY loan_line.device_id, owed_part.name
"""
COUNTED = """
UPDATE device SET faulty = (SELECT count(*) FROM device_fault WHERE device_fault.device_id = device.id)
WHERE id IN (SELECT device_id FROM device_fault)
"""


def upgrade():
    op.add_column('device', sa.Column('faulty', sa.BigInteger(), nullable=True))
    op.create_table('device_fault',
    sa.Column('id', REF, nullable=False),
    sa.Column('device_id', REF, nullable=False),
    sa.Column('point', Plain, nullable=False),
    sa.Column('grade', Plain, nullable=False),
    sa.Column('note', Plain, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('ended_act_id', REF, nullable=True),
    sa.CheckConstraint("grade IN ('worn', 'damaged', 'missing')", name=op.f('ck_device_fault_grade_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_device_fault_act_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_device_fault_device_id')),
    sa.ForeignKeyConstraint(['ended_act_id'], ['act.id'], name=op.f('fk_device_fault_ended_act_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device_fault'))
    )
    with op.batch_alter_table('device_fault', schema=None) as batch_op:
        batch_op.create_index('ix_device_fault_act_id', ['act_id'], unique=False)
        batch_op.create_index('ix_device_fault_ended_act_id', ['ended_act_id'], unique=False)
        batch_op.create_index('uq_device_fault_open', ['device_id', 'point'], unique=True, sqlite_where=sa.text('ended_act_id IS NULL'), postgresql_where=sa.text('ended_act_id IS NULL'))
    op.execute(OWED)
    op.execute(COUNTED)
    op.add_column('hand_over_item', sa.Column('points', sa.JSON(), nullable=True))
    op.create_table('hand_over_photo',
    sa.Column('id', REF, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('hand_over_id', REF, nullable=False),
    sa.Column('line_id', REF, nullable=False),
    sa.Column('file_id', REF, nullable=False),
    sa.ForeignKeyConstraint(['centre_id', 'hand_over_id'], ['hand_over.centre_id', 'hand_over.id'], name=op.f('fk_hand_over_photo_centre_id_hand_over_id')),
    sa.ForeignKeyConstraint(['centre_id', 'line_id'], ['loan_line.centre_id', 'loan_line.id'], name=op.f('fk_hand_over_photo_centre_id_line_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_hand_over_photo_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_over_photo')),
    sa.UniqueConstraint('file_id', name=op.f('uq_hand_over_photo_file_id'))
    )
    with op.batch_alter_table('hand_over_photo', schema=None) as batch_op:
        batch_op.create_index('ix_hand_over_photo_hand_over_id', ['hand_over_id'], unique=False)
        batch_op.create_index('ix_hand_over_photo_line_id', ['line_id'], unique=False)


def downgrade():
    op.drop_table('hand_over_photo')
    op.drop_column('hand_over_item', 'points')
    op.drop_table('device_fault')
    op.drop_column('device', 'faulty')
