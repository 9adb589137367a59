"""bookings, reservations, the waiting list

Revision ID: 0012
Revises: 0011
"""
from datetime import timedelta

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from app.db import MomentType, Plain
from app.times import day_of

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ENDINGS = "ending IN ('taken', 'cancelled', 'missed', 'over')"
OPEN = {'sqlite_where': sa.text('closed_at IS NULL'), 'postgresql_where': sa.text('closed_at IS NULL')}
DAYS = "device_id * 100000 + ({} - DATE '1950-01-01')"

META = sa.MetaData()
LOAN = sa.Table('loan', META, sa.Column('id', REF), sa.Column('lent_at', MomentType()))
LINE = sa.Table(
    'loan_line', META, sa.Column('id', REF), sa.Column('loan_id', REF), sa.Column('device_id', REF),
    sa.Column('due_on', sa.Date()), sa.Column('closed_at', MomentType()), sa.Column('booking_id', REF),
)
BOOKING = sa.Table(
    'booking', META, sa.Column('id', REF), sa.Column('device_id', REF), sa.Column('from_day', sa.Date()),
    sa.Column('to_day', sa.Date()), sa.Column('live', sa.Boolean()),
)

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade():
    _booking()
    _of_the_lines()
    _reservations()
    _waiting()


def _booking():
    op.create_table('booking',
    sa.Column('id', REF, nullable=False),
    sa.Column('device_id', REF, nullable=False),
    sa.Column('from_day', sa.Date(), nullable=False),
    sa.Column('to_day', sa.Date(), nullable=False),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.CheckConstraint('from_day <= to_day', name=op.f('ck_booking_days_in_order')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_booking_device_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booking'))
    )
    op.create_index('ix_booking_live', 'booking', ['device_id', 'to_day'], unique=False, sqlite_where=sa.text('live'), postgresql_where=sa.text('live'))
    if op.get_bind().dialect.name == 'postgresql':
        span = sa.text(f"int8range({DAYS.format('from_day')}, {DAYS.format('to_day')})")
        constraint = ExcludeConstraint((span, '&&'), using='gist', where=sa.text('live'), name='ex_booking_overlap')
        sa.Table('booking', sa.MetaData(), sa.Column('id', REF)).append_constraint(constraint)
        op.get_bind().execute(sa.schema.AddConstraint(constraint))


def _of_the_lines():
    """Every line of a loan gets its booking; only what is out keeps its thing, until the day after its wipe."""
    line = op.get_bind()
    with op.batch_alter_table('loan_line') as batch:
        batch.add_column(sa.Column('booking_id', REF, nullable=True))
    lines = line.execute(
        sa.select(LINE.c.id, LINE.c.device_id, LOAN.c.lent_at, LINE.c.due_on, LINE.c.closed_at)
        .join(LOAN, LOAN.c.id == LINE.c.loan_id).order_by(LINE.c.id)
    ).all()
    if lines:
        line.execute(sa.insert(BOOKING), [_booked(row) for row in lines])
    line.execute(sa.update(LINE).values(booking_id=LINE.c.id))
    if lines and line.dialect.name == 'postgresql':
        line.execute(sa.text("SELECT setval(pg_get_serial_sequence('booking', 'id'), (SELECT max(id) FROM booking))"))
    with op.batch_alter_table('loan_line') as batch:
        batch.alter_column('booking_id', existing_type=REF, nullable=False)
        batch.create_foreign_key('fk_loan_line_booking_id', 'booking', ['booking_id'], ['id'])


def _booked(row):
    began = day_of(row.lent_at)
    ended = day_of(row.closed_at) if row.closed_at else row.due_on + timedelta(days=2)
    days = {'from_day': began, 'to_day': max(began, ended)}
    return {'id': row.id, 'device_id': row.device_id, 'live': row.closed_at is None} | days


def _reservations():
    op.create_table('reservation',
    sa.Column('id', REF, nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('household_id', REF, nullable=True),
    sa.Column('purpose', Plain, nullable=False),
    sa.Column('title', Plain, nullable=False),
    sa.Column('from_day', sa.Date(), nullable=False),
    sa.Column('to_day', sa.Date(), nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('closed_at', MomentType(), nullable=True),
    sa.Column('ending', Plain, nullable=True),
    sa.CheckConstraint("purpose IN ('household', 'workshop', 'outing')", name=op.f('ck_reservation_purpose_known')),
    sa.CheckConstraint(ENDINGS, name=op.f('ck_reservation_ending_known')),
    sa.CheckConstraint('(closed_at IS NULL) = (ending IS NULL)', name=op.f('ck_reservation_ending_when_closed')),
    sa.CheckConstraint("(purpose = 'household') = (household_id IS NOT NULL)", name=op.f('ck_reservation_household_when_for_one')),
    sa.CheckConstraint('from_day <= to_day', name=op.f('ck_reservation_days_in_order')),
    sa.ForeignKeyConstraint(['centre_id', 'household_id'], ['household.centre_id', 'household.id'], name=op.f('fk_reservation_centre_id_household_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_reservation_centre_id')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_reservation_act_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reservation')),
    sa.UniqueConstraint('centre_id', 'id', name=op.f('uq_reservation_centre_id_id')),
    sa.UniqueConstraint('act_id', name=op.f('uq_reservation_act_id')),
    sa.UniqueConstraint('uuid', name=op.f('uq_reservation_uuid'))
    )
    op.create_index('ix_reservation_open', 'reservation', ['centre_id', 'from_day', 'id'], **OPEN)
    op.create_index('ix_reservation_household_id', 'reservation', ['household_id'])
    op.create_table('reservation_line',
    sa.Column('id', REF, nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('reservation_id', REF, nullable=False),
    sa.Column('device_id', REF, nullable=False),
    sa.Column('booking_id', REF, nullable=False),
    sa.Column('loose', sa.Boolean(), nullable=False),
    sa.Column('loan_id', REF, nullable=True),
    sa.Column('closed_at', MomentType(), nullable=True),
    sa.Column('ending', Plain, nullable=True),
    sa.CheckConstraint(ENDINGS, name=op.f('ck_reservation_line_ending_known')),
    sa.CheckConstraint('(closed_at IS NULL) = (ending IS NULL)', name=op.f('ck_reservation_line_ending_when_closed')),
    sa.ForeignKeyConstraint(['centre_id', 'reservation_id'], ['reservation.centre_id', 'reservation.id'], name=op.f('fk_reservation_line_centre_id_reservation_id')),
    sa.ForeignKeyConstraint(['centre_id', 'loan_id'], ['loan.centre_id', 'loan.id'], name=op.f('fk_reservation_line_centre_id_loan_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_reservation_line_device_id')),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_reservation_line_booking_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reservation_line')),
    sa.UniqueConstraint('booking_id', name=op.f('uq_reservation_line_booking_id'))
    )
    for column in ('reservation_id', 'device_id', 'loan_id'):
        op.create_index(f'ix_reservation_line_{column}', 'reservation_line', [column])


def _waiting():
    op.create_table('waiting',
    sa.Column('id', REF, nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('centre_id', REF, nullable=False),
    sa.Column('household_id', REF, nullable=False),
    sa.Column('model_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('since', MomentType(), nullable=False),
    sa.Column('first_at', MomentType(), nullable=True),
    sa.Column('first_why', Plain, nullable=True),
    sa.Column('reservation_id', REF, nullable=True),
    sa.Column('closed_at', MomentType(), nullable=True),
    sa.Column('ending', Plain, nullable=True),
    sa.CheckConstraint("ending IN ('served', 'left', 'missed')", name=op.f('ck_waiting_ending_known')),
    sa.CheckConstraint('(closed_at IS NULL) = (ending IS NULL)', name=op.f('ck_waiting_ending_when_closed')),
    sa.ForeignKeyConstraint(['centre_id', 'household_id'], ['household.centre_id', 'household.id'], name=op.f('fk_waiting_centre_id_household_id')),
    sa.ForeignKeyConstraint(['centre_id', 'reservation_id'], ['reservation.centre_id', 'reservation.id'], name=op.f('fk_waiting_centre_id_reservation_id')),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], name=op.f('fk_waiting_centre_id')),
    sa.ForeignKeyConstraint(['model_id'], ['device_model.id'], name=op.f('fk_waiting_model_id')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_waiting_act_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiting')),
    sa.UniqueConstraint('act_id', name=op.f('uq_waiting_act_id')),
    sa.UniqueConstraint('uuid', name=op.f('uq_waiting_uuid'))
    )
    op.create_index('ix_waiting_open', 'waiting', ['centre_id', 'model_id'], **OPEN)
    op.create_index('uq_waiting_once', 'waiting', ['household_id', 'model_id'], unique=True, **OPEN)


def downgrade():
    for table in ('waiting', 'reservation_line', 'reservation'):
        op.drop_table(table)
    with op.batch_alter_table('loan_line') as batch:
        batch.drop_constraint('fk_loan_line_booking_id', type_='foreignkey')
        batch.drop_column('booking_id')
    op.drop_table('booking')
