"""kits end

Revision ID: 0009
Revises: 0008
"""
from alembic import op
import sqlalchemy as sa

from app.db import MomentType

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('kit', sa.Column('ended_at', MomentType(), nullable=True))


def downgrade():
    op.drop_column('kit', 'ended_at')
