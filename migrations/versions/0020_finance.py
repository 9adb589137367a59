"""programme periods; operations, their plan and lines; what was spent, paid, put down and declared

Revision ID: 0020
Revises: 0019
"""
from alembic import op
import sqlalchemy as sa

from app.db import Plain

REF = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('operation',
    sa.Column('id', REF, nullable=False),
    sa.Column('number', Plain, nullable=False),
    sa.Column('name', Plain, nullable=False),
    sa.Column('programme', Plain, nullable=False),
    sa.Column('programme_name', Plain, nullable=False),
    sa.Column('lead_id', REF, nullable=False),
    sa.Column('agreement', Plain, nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('eligible_from', sa.Date(), nullable=True),
    sa.Column('eligible_to', sa.Date(), nullable=True),
    sa.Column('paid_until', sa.Date(), nullable=True),
    sa.Column('accounts_on', sa.Date(), nullable=True),
    sa.Column('basis', Plain, nullable=False),
    sa.Column('packages', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('plan_act_id', REF, nullable=True),
    sa.CheckConstraint("basis IN ('30/360', 'actual/365')", name=op.f('ck_operation_basis_known')),
    sa.CheckConstraint("programme IN ('2014-2020', '2021-2027')", name=op.f('ck_operation_programme_known')),
    sa.CheckConstraint('eligible_from <= eligible_to', name=op.f('ck_operation_days_in_order')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_operation_act_id')),
    sa.ForeignKeyConstraint(['lead_id'], ['organisation.id'], name=op.f('fk_operation_lead_id')),
    sa.ForeignKeyConstraint(['plan_act_id'], ['act.id'], name=op.f('fk_operation_plan_act_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_operation')),
    sa.UniqueConstraint('act_id', name=op.f('uq_operation_act_id')),
    sa.UniqueConstraint('number', name=op.f('uq_operation_number'))
    )
    op.create_table('programme_period',
    sa.Column('id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('code', Plain, nullable=False),
    sa.Column('legal_basis', Plain, nullable=False),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('plaque_cents', sa.BigInteger(), nullable=False),
    sa.Column('plaque_basis', Plain, nullable=False),
    sa.Column('durability_years', sa.BigInteger(), nullable=False),
    sa.Column('counted_from', Plain, nullable=False),
    sa.Column('document_years', sa.BigInteger(), nullable=False),
    sa.Column('paid_by', sa.Date(), nullable=False),
    sa.Column('small_below_cents', sa.BigInteger(), nullable=False),
    sa.Column('small_years', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("code IN ('2014-2020', '2021-2027')", name=op.f('ck_programme_period_code_known')),
    sa.CheckConstraint("counted_from IN ('accounts', 'last_payment')", name=op.f('ck_programme_period_counted_from_known')),
    sa.CheckConstraint("plaque_basis IN ('public_support', 'total_cost')", name=op.f('ck_programme_period_plaque_basis_known')),
    sa.CheckConstraint('durability_years >= 0 AND document_years >= 0 AND small_years >= 0', name=op.f('ck_programme_period_years')),
    sa.CheckConstraint('plaque_cents >= 0 AND small_below_cents >= 0', name=op.f('ck_programme_period_amounts')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_programme_period_act_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_period')),
    sa.UniqueConstraint('act_id', name=op.f('uq_programme_period_act_id'))
    )
    op.create_index('ix_programme_period_code_id', 'programme_period', ['code', 'id'], unique=False)
    op.create_table('purchase',
    sa.Column('id', REF, nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', REF, nullable=False),
    sa.Column('title', Plain, nullable=False),
    sa.Column('procedure', Plain, nullable=False),
    sa.Column('market_number', Plain, nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('supplier', Plain, nullable=False),
    sa.Column('order_number', Plain, nullable=False),
    sa.Column('ordered_on', sa.Date(), nullable=True),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('closed_act_id', REF, nullable=True),
    sa.CheckConstraint("procedure IN ('direct', 'quotes', 'adapted', 'framework', 'other')", name=op.f('ck_purchase_procedure_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_purchase_act_id')),
    sa.ForeignKeyConstraint(['closed_act_id'], ['act.id'], name=op.f('fk_purchase_closed_act_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_purchase_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purchase')),
    sa.UniqueConstraint('act_id', name=op.f('uq_purchase_act_id')),
    sa.UniqueConstraint('uuid', name=op.f('uq_purchase_uuid'))
    )
    op.create_index(op.f('ix_purchase_organisation_id'), 'purchase', ['organisation_id'], unique=False)
    op.create_table('budget_line',
    sa.Column('id', REF, nullable=False),
    sa.Column('operation_id', REF, nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('code', Plain, nullable=False),
    sa.Column('heading', Plain, nullable=False),
    sa.Column('label', Plain, nullable=False),
    sa.Column('packages', sa.JSON(), nullable=False),
    sa.Column('initial_cents', sa.BigInteger(), nullable=False),
    sa.Column('amended_cents', sa.BigInteger(), nullable=False),
    sa.Column('cost_mode', Plain, nullable=False),
    sa.Column('flat_rate', sa.BigInteger(), nullable=True),
    sa.Column('accepts_assets', sa.Boolean(), nullable=False),
    sa.Column('beneficiary_id', REF, nullable=True),
    sa.Column('funding_key', Plain, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('gone_act_id', REF, nullable=True),
    sa.CheckConstraint("(cost_mode = 'flat_rate') = (flat_rate IS NOT NULL)", name=op.f('ck_budget_line_rate_when_flat')),
    sa.CheckConstraint("cost_mode = 'real' OR NOT accepts_assets", name=op.f('ck_budget_line_flat_takes_no_thing')),
    sa.CheckConstraint("cost_mode IN ('real', 'flat_rate')", name=op.f('ck_budget_line_cost_mode_known')),
    sa.CheckConstraint("funding_key IN ('plan_prorata', 'beneficiary', 'explicit')", name=op.f('ck_budget_line_funding_key_known')),
    sa.CheckConstraint('flat_rate BETWEEN 1 AND 10000', name=op.f('ck_budget_line_flat_rate')),
    sa.CheckConstraint('initial_cents >= 0 AND initial_cents + amended_cents >= 0', name=op.f('ck_budget_line_planned')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_budget_line_act_id')),
    sa.ForeignKeyConstraint(['beneficiary_id'], ['organisation.id'], name=op.f('fk_budget_line_beneficiary_id')),
    sa.ForeignKeyConstraint(['gone_act_id'], ['act.id'], name=op.f('fk_budget_line_gone_act_id')),
    sa.ForeignKeyConstraint(['operation_id'], ['operation.id'], name=op.f('fk_budget_line_operation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_line')),
    sa.UniqueConstraint('act_id', name=op.f('uq_budget_line_act_id'))
    )
    op.create_index('uq_budget_line_code', 'budget_line', ['operation_id', 'code'], unique=True, sqlite_where=sa.text('gone_act_id IS NULL'), postgresql_where=sa.text('gone_act_id IS NULL'))
    op.create_table('claim',
    sa.Column('id', REF, nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('operation_id', REF, nullable=False),
    sa.Column('organisation_id', REF, nullable=False),
    sa.Column('title', Plain, nullable=False),
    sa.Column('from_day', sa.Date(), nullable=False),
    sa.Column('to_day', sa.Date(), nullable=False),
    sa.Column('left_out', sa.JSON(), nullable=False),
    sa.Column('corrections', sa.JSON(), nullable=False),
    sa.Column('state', Plain, nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=True),
    sa.Column('filed_on', sa.Date(), nullable=True),
    sa.Column('total_cents', sa.BigInteger(), nullable=False),
    sa.Column('lead_claim_id', REF, nullable=True),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('filed_act_id', REF, nullable=True),
    sa.Column('answered_act_id', REF, nullable=True),
    sa.Column('gone_act_id', REF, nullable=True),
    sa.CheckConstraint("(state = 'draft') = (number IS NULL)", name=op.f('ck_claim_numbered_once_filed')),
    sa.CheckConstraint("state IN ('draft', 'filed', 'answered')", name=op.f('ck_claim_state_known')),
    sa.CheckConstraint('(number IS NULL) = (filed_on IS NULL)', name=op.f('ck_claim_filed_on_a_day')),
    sa.CheckConstraint('from_day <= to_day', name=op.f('ck_claim_days_in_order')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_claim_act_id')),
    sa.ForeignKeyConstraint(['answered_act_id'], ['act.id'], name=op.f('fk_claim_answered_act_id')),
    sa.ForeignKeyConstraint(['filed_act_id'], ['act.id'], name=op.f('fk_claim_filed_act_id')),
    sa.ForeignKeyConstraint(['gone_act_id'], ['act.id'], name=op.f('fk_claim_gone_act_id')),
    sa.ForeignKeyConstraint(['lead_claim_id'], ['claim.id'], name=op.f('fk_claim_lead_claim_id')),
    sa.ForeignKeyConstraint(['operation_id'], ['operation.id'], name=op.f('fk_claim_operation_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_claim_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claim')),
    sa.UniqueConstraint('act_id', name=op.f('uq_claim_act_id')),
    sa.UniqueConstraint('operation_id', 'number', name=op.f('uq_claim_operation_id_number')),
    sa.UniqueConstraint('uuid', name=op.f('uq_claim_uuid'))
    )
    op.create_index('ix_claim_operation_id_id', 'claim', ['operation_id', 'id'], unique=False)
    op.create_table('expense',
    sa.Column('id', REF, nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', REF, nullable=False),
    sa.Column('kind', Plain, nullable=False),
    sa.Column('purchase_id', REF, nullable=True),
    sa.Column('credits_id', REF, nullable=True),
    sa.Column('supplier', Plain, nullable=False),
    sa.Column('supplier_key', Plain, nullable=False),
    sa.Column('number', Plain, nullable=False),
    sa.Column('number_key', Plain, nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('from_day', sa.Date(), nullable=True),
    sa.Column('to_day', sa.Date(), nullable=True),
    sa.Column('vat_recoverable', sa.BigInteger(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('gone_act_id', REF, nullable=True),
    sa.CheckConstraint("kind IN ('invoice', 'credit_note', 'personnel')", name=op.f('ck_expense_kind_known')),
    sa.CheckConstraint('from_day <= to_day', name=op.f('ck_expense_days_in_order')),
    sa.CheckConstraint('vat_recoverable BETWEEN 0 AND 10000', name=op.f('ck_expense_vat_recoverable')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_expense_act_id')),
    sa.ForeignKeyConstraint(['credits_id'], ['expense.id'], name=op.f('fk_expense_credits_id')),
    sa.ForeignKeyConstraint(['gone_act_id'], ['act.id'], name=op.f('fk_expense_gone_act_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_expense_organisation_id')),
    sa.ForeignKeyConstraint(['purchase_id'], ['purchase.id'], name=op.f('fk_expense_purchase_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expense')),
    sa.UniqueConstraint('act_id', name=op.f('uq_expense_act_id')),
    sa.UniqueConstraint('uuid', name=op.f('uq_expense_uuid'))
    )
    op.create_index(op.f('ix_expense_credits_id'), 'expense', ['credits_id'], unique=False)
    op.create_index('ix_expense_organisation_id_issued_on_id', 'expense', ['organisation_id', 'issued_on', 'id'], unique=False)
    op.create_index(op.f('ix_expense_purchase_id'), 'expense', ['purchase_id'], unique=False)
    op.create_index('ix_expense_supplier_key_number_key', 'expense', ['supplier_key', 'number_key'], unique=False)
    op.create_index('uq_expense_once', 'expense', ['organisation_id', 'supplier_key', 'number_key'], unique=True, sqlite_where=sa.text('gone_act_id IS NULL'), postgresql_where=sa.text('gone_act_id IS NULL'))
    op.create_table('funder',
    sa.Column('id', REF, nullable=False),
    sa.Column('operation_id', REF, nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('code', Plain, nullable=False),
    sa.Column('name', Plain, nullable=False),
    sa.Column('kind', Plain, nullable=False),
    sa.Column('amount_cents', sa.BigInteger(), nullable=False),
    sa.Column('printed_rate', sa.BigInteger(), nullable=True),
    sa.Column('organisation_id', REF, nullable=True),
    sa.CheckConstraint("kind IN ('eu', 'region', 'local', 'state', 'partner', 'self', 'other')", name=op.f('ck_funder_kind_known')),
    sa.CheckConstraint('amount_cents >= 0', name=op.f('ck_funder_amount')),
    sa.CheckConstraint('printed_rate BETWEEN 0 AND 10000', name=op.f('ck_funder_rate')),
    sa.ForeignKeyConstraint(['operation_id'], ['operation.id'], name=op.f('fk_funder_operation_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_funder_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_funder')),
    sa.UniqueConstraint('operation_id', 'code', name=op.f('uq_funder_operation_id_code'))
    )
    op.create_table('operation_partner',
    sa.Column('operation_id', REF, autoincrement=False, nullable=False),
    sa.Column('organisation_id', REF, autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['operation_id'], ['operation.id'], name=op.f('fk_operation_partner_operation_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_operation_partner_organisation_id')),
    sa.PrimaryKeyConstraint('operation_id', 'organisation_id', name=op.f('pk_operation_partner'))
    )
    op.create_table('amendment',
    sa.Column('id', REF, nullable=False),
    sa.Column('line_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('delta_cents', sa.BigInteger(), nullable=False),
    sa.Column('reference', Plain, nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_amendment_act_id')),
    sa.ForeignKeyConstraint(['line_id'], ['budget_line.id'], name=op.f('fk_amendment_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_amendment')),
    sa.UniqueConstraint('act_id', name=op.f('uq_amendment_act_id'))
    )
    op.create_index(op.f('ix_amendment_line_id'), 'amendment', ['line_id'], unique=False)
    op.create_table('asset_account',
    sa.Column('device_id', REF, autoincrement=False, nullable=False),
    sa.Column('in_service_on', sa.Date(), nullable=True),
    sa.Column('months', sa.BigInteger(), nullable=True),
    sa.Column('treatment', Plain, nullable=True),
    sa.Column('account', Plain, nullable=False),
    sa.Column('no_grant', sa.Boolean(), nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.CheckConstraint("treatment IN ('fixed_asset', 'charge')", name=op.f('ck_asset_account_treatment_known')),
    sa.CheckConstraint('(in_service_on IS NULL) = (months IS NULL)', name=op.f('ck_asset_account_used_for_so_long')),
    sa.CheckConstraint('months BETWEEN 1 AND 600', name=op.f('ck_asset_account_months')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_asset_account_act_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_asset_account_device_id')),
    sa.PrimaryKeyConstraint('device_id', name=op.f('pk_asset_account')),
    sa.UniqueConstraint('act_id', name=op.f('uq_asset_account_act_id'))
    )
    op.create_table('commitment',
    sa.Column('purchase_id', REF, autoincrement=False, nullable=False),
    sa.Column('line_id', REF, autoincrement=False, nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('cents > 0', name=op.f('ck_commitment_some')),
    sa.ForeignKeyConstraint(['line_id'], ['budget_line.id'], name=op.f('fk_commitment_line_id')),
    sa.ForeignKeyConstraint(['purchase_id'], ['purchase.id'], name=op.f('fk_commitment_purchase_id')),
    sa.PrimaryKeyConstraint('purchase_id', 'line_id', name=op.f('pk_commitment'))
    )
    op.create_index(op.f('ix_commitment_line_id'), 'commitment', ['line_id'], unique=False)
    op.create_table('expense_line',
    sa.Column('id', REF, nullable=False),
    sa.Column('expense_id', REF, nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('net_cents', sa.BigInteger(), nullable=False),
    sa.Column('vat_cents', sa.BigInteger(), nullable=False),
    sa.Column('eligible_cents', sa.BigInteger(), nullable=False),
    sa.Column('allocated_cents', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('eligible_cents >= 0 AND allocated_cents BETWEEN 0 AND eligible_cents OR eligible_cents < 0 AND allocated_cents BETWEEN eligible_cents AND 0', name=op.f('ck_expense_line_never_above_what_is_eligible')),
    sa.CheckConstraint('net_cents >= 0 AND vat_cents >= 0 AND eligible_cents BETWEEN 0 AND net_cents + vat_cents OR net_cents <= 0 AND vat_cents <= 0 AND eligible_cents BETWEEN net_cents + vat_cents AND 0', name=op.f('ck_expense_line_eligible')),
    sa.CheckConstraint('quantity >= 1', name=op.f('ck_expense_line_quantity')),
    sa.ForeignKeyConstraint(['expense_id'], ['expense.id'], name=op.f('fk_expense_line_expense_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expense_line')),
    sa.UniqueConstraint('expense_id', 'position', name=op.f('uq_expense_line_expense_id_position'))
    )
    op.create_table('flat_base',
    sa.Column('line_id', REF, autoincrement=False, nullable=False),
    sa.Column('base_id', REF, autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['base_id'], ['budget_line.id'], name=op.f('fk_flat_base_base_id')),
    sa.ForeignKeyConstraint(['line_id'], ['budget_line.id'], name=op.f('fk_flat_base_line_id')),
    sa.PrimaryKeyConstraint('line_id', 'base_id', name=op.f('pk_flat_base'))
    )
    op.create_table('key_part',
    sa.Column('line_id', REF, autoincrement=False, nullable=False),
    sa.Column('funder_id', REF, autoincrement=False, nullable=False),
    sa.Column('weight', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('weight >= 0', name=op.f('ck_key_part_weight')),
    sa.ForeignKeyConstraint(['funder_id'], ['funder.id'], name=op.f('fk_key_part_funder_id')),
    sa.ForeignKeyConstraint(['line_id'], ['budget_line.id'], name=op.f('fk_key_part_line_id')),
    sa.PrimaryKeyConstraint('line_id', 'funder_id', name=op.f('pk_key_part'))
    )
    op.create_table('overrun',
    sa.Column('id', REF, nullable=False),
    sa.Column('line_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('up_to_cents', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_overrun_act_id')),
    sa.ForeignKeyConstraint(['line_id'], ['budget_line.id'], name=op.f('fk_overrun_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_overrun')),
    sa.UniqueConstraint('act_id', name=op.f('uq_overrun_act_id'))
    )
    op.create_index(op.f('ix_overrun_line_id'), 'overrun', ['line_id'], unique=False)
    op.create_table('paper',
    sa.Column('id', REF, nullable=False),
    sa.Column('kind', Plain, nullable=False),
    sa.Column('title', Plain, nullable=False),
    sa.Column('file_id', REF, nullable=False),
    sa.Column('purchase_id', REF, nullable=True),
    sa.Column('expense_id', REF, nullable=True),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('gone_act_id', REF, nullable=True),
    sa.CheckConstraint("kind IN ('quote', 'order', 'delivery_note', 'invoice', 'payment_proof', 'payslip', 'other')", name=op.f('ck_paper_kind_known')),
    sa.CheckConstraint('(purchase_id IS NULL) <> (expense_id IS NULL)', name=op.f('ck_paper_of_one')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_paper_act_id')),
    sa.ForeignKeyConstraint(['expense_id'], ['expense.id'], name=op.f('fk_paper_expense_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_paper_file_id')),
    sa.ForeignKeyConstraint(['gone_act_id'], ['act.id'], name=op.f('fk_paper_gone_act_id')),
    sa.ForeignKeyConstraint(['purchase_id'], ['purchase.id'], name=op.f('fk_paper_purchase_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper')),
    sa.UniqueConstraint('act_id', name=op.f('uq_paper_act_id')),
    sa.UniqueConstraint('file_id', name=op.f('uq_paper_file_id'))
    )
    op.create_index('ix_paper_expense_id', 'paper', ['expense_id'], unique=False)
    op.create_index('ix_paper_purchase_id', 'paper', ['purchase_id'], unique=False)
    op.create_table('payment',
    sa.Column('id', REF, nullable=False),
    sa.Column('uuid', sa.Uuid(), nullable=False),
    sa.Column('expense_id', REF, nullable=False),
    sa.Column('debited_on', sa.Date(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('means', Plain, nullable=False),
    sa.Column('proof', Plain, nullable=True),
    sa.Column('certified_by', Plain, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('gone_act_id', REF, nullable=True),
    sa.CheckConstraint("means IN ('transfer', 'card', 'cheque', 'direct_debit', 'cash', 'payroll')", name=op.f('ck_payment_means_known')),
    sa.CheckConstraint("proof IN ('bank_statement', 'receipted_invoice', 'certified_list')", name=op.f('ck_payment_proof_known')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_payment_act_id')),
    sa.ForeignKeyConstraint(['expense_id'], ['expense.id'], name=op.f('fk_payment_expense_id')),
    sa.ForeignKeyConstraint(['gone_act_id'], ['act.id'], name=op.f('fk_payment_gone_act_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment')),
    sa.UniqueConstraint('act_id', name=op.f('uq_payment_act_id')),
    sa.UniqueConstraint('uuid', name=op.f('uq_payment_uuid'))
    )
    op.create_index('ix_payment_expense_id', 'payment', ['expense_id'], unique=False)
    op.create_table('purchase_delivery',
    sa.Column('purchase_id', REF, autoincrement=False, nullable=False),
    sa.Column('delivery_id', REF, autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_purchase_delivery_delivery_id')),
    sa.ForeignKeyConstraint(['purchase_id'], ['purchase.id'], name=op.f('fk_purchase_delivery_purchase_id')),
    sa.PrimaryKeyConstraint('purchase_id', 'delivery_id', name=op.f('pk_purchase_delivery')),
    sa.UniqueConstraint('delivery_id', name=op.f('uq_purchase_delivery_delivery_id'))
    )
    op.create_table('receipt',
    sa.Column('id', REF, nullable=False),
    sa.Column('operation_id', REF, nullable=False),
    sa.Column('kind', Plain, nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('funder_id', REF, nullable=True),
    sa.Column('organisation_id', REF, nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('gone_act_id', REF, nullable=True),
    sa.CheckConstraint("kind IN ('advance', 'interim', 'final', 'passed_on', 'revenue', 'recovery')", name=op.f('ck_receipt_kind_known')),
    sa.CheckConstraint('cents > 0', name=op.f('ck_receipt_some')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_receipt_act_id')),
    sa.ForeignKeyConstraint(['funder_id'], ['funder.id'], name=op.f('fk_receipt_funder_id')),
    sa.ForeignKeyConstraint(['gone_act_id'], ['act.id'], name=op.f('fk_receipt_gone_act_id')),
    sa.ForeignKeyConstraint(['operation_id'], ['operation.id'], name=op.f('fk_receipt_operation_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_receipt_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt')),
    sa.UniqueConstraint('act_id', name=op.f('uq_receipt_act_id'))
    )
    op.create_index('ix_receipt_operation_id_received_on_id', 'receipt', ['operation_id', 'received_on', 'id'], unique=False)
    op.create_table('asset',
    sa.Column('id', REF, nullable=False),
    sa.Column('line_id', REF, nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=False),
    sa.Column('device_id', REF, nullable=False),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('gone_act_id', REF, nullable=True),
    sa.CheckConstraint('place >= 1', name=op.f('ck_asset_place')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_asset_act_id')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_asset_device_id')),
    sa.ForeignKeyConstraint(['gone_act_id'], ['act.id'], name=op.f('fk_asset_gone_act_id')),
    sa.ForeignKeyConstraint(['line_id'], ['expense_line.id'], name=op.f('fk_asset_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_asset'))
    )
    op.create_index('ix_asset_device_id', 'asset', ['device_id'], unique=False)
    op.create_index('uq_asset_device', 'asset', ['line_id', 'device_id'], unique=True, sqlite_where=sa.text('gone_act_id IS NULL'), postgresql_where=sa.text('gone_act_id IS NULL'))
    op.create_index('uq_asset_place', 'asset', ['line_id', 'place'], unique=True, sqlite_where=sa.text('gone_act_id IS NULL'), postgresql_where=sa.text('gone_act_id IS NULL'))
    op.create_table('allocation',
    sa.Column('id', REF, nullable=False),
    sa.Column('line_id', REF, nullable=False),
    sa.Column('asset_id', REF, nullable=True),
    sa.Column('budget_line_id', REF, nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('basis', Plain, nullable=False),
    sa.Column('from_day', sa.Date(), nullable=True),
    sa.Column('to_day', sa.Date(), nullable=True),
    sa.Column('act_id', REF, nullable=False),
    sa.Column('gone_act_id', REF, nullable=True),
    sa.CheckConstraint("basis = 'purchase' OR from_day IS NOT NULL AND to_day IS NOT NULL AND asset_id IS NOT NULL", name=op.f('ck_allocation_charged')),
    sa.CheckConstraint("basis IN ('purchase', 'depreciation')", name=op.f('ck_allocation_basis_known')),
    sa.CheckConstraint('cents <> 0', name=op.f('ck_allocation_some')),
    sa.CheckConstraint('from_day <= to_day', name=op.f('ck_allocation_days_in_order')),
    sa.ForeignKeyConstraint(['act_id'], ['act.id'], name=op.f('fk_allocation_act_id')),
    sa.ForeignKeyConstraint(['asset_id'], ['asset.id'], name=op.f('fk_allocation_asset_id')),
    sa.ForeignKeyConstraint(['budget_line_id'], ['budget_line.id'], name=op.f('fk_allocation_budget_line_id')),
    sa.ForeignKeyConstraint(['gone_act_id'], ['act.id'], name=op.f('fk_allocation_gone_act_id')),
    sa.ForeignKeyConstraint(['line_id'], ['expense_line.id'], name=op.f('fk_allocation_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allocation')),
    sa.UniqueConstraint('act_id', name=op.f('uq_allocation_act_id'))
    )
    op.create_index('ix_allocation_asset_id', 'allocation', ['asset_id'], unique=False)
    op.create_index('ix_allocation_budget_line_id', 'allocation', ['budget_line_id'], unique=False)
    op.create_index('ix_allocation_line_id', 'allocation', ['line_id'], unique=False)
    op.create_table('claim_piece',
    sa.Column('id', REF, nullable=False),
    sa.Column('claim_id', REF, nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('kind', Plain, nullable=False),
    sa.Column('budget_line_id', REF, nullable=False),
    sa.Column('allocation_id', REF, nullable=True),
    sa.Column('corrects_id', REF, nullable=True),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('accepted_cents', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint("(kind = 'correction') = (corrects_id IS NOT NULL)", name=op.f('ck_claim_piece_of_a_piece')),
    sa.CheckConstraint("(kind = 'expense') = (allocation_id IS NOT NULL)", name=op.f('ck_claim_piece_of_an_allocation')),
    sa.CheckConstraint("kind IN ('expense', 'flat_rate', 'correction')", name=op.f('ck_claim_piece_kind_known')),
    sa.CheckConstraint('accepted_cents IS NULL OR cents >= 0 AND accepted_cents BETWEEN 0 AND cents OR cents < 0 AND accepted_cents BETWEEN cents AND 0', name=op.f('ck_claim_piece_accepted')),
    sa.ForeignKeyConstraint(['allocation_id'], ['allocation.id'], name=op.f('fk_claim_piece_allocation_id')),
    sa.ForeignKeyConstraint(['budget_line_id'], ['budget_line.id'], name=op.f('fk_claim_piece_budget_line_id')),
    sa.ForeignKeyConstraint(['claim_id'], ['claim.id'], name=op.f('fk_claim_piece_claim_id')),
    sa.ForeignKeyConstraint(['corrects_id'], ['claim_piece.id'], name=op.f('fk_claim_piece_corrects_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claim_piece')),
    sa.UniqueConstraint('claim_id', 'number', name=op.f('uq_claim_piece_claim_id_number'))
    )
    op.create_index('ix_claim_piece_budget_line_id', 'claim_piece', ['budget_line_id'], unique=False)
    op.create_index('ix_claim_piece_corrects_id', 'claim_piece', ['corrects_id'], unique=False)
    op.create_index('uq_claim_piece_declared_once', 'claim_piece', ['allocation_id'], unique=True, sqlite_where=sa.text("kind = 'expense'"), postgresql_where=sa.text("kind = 'expense'"))


def downgrade():

    op.drop_index('uq_claim_piece_declared_once', table_name='claim_piece', sqlite_where=sa.text("kind = 'expense'"), postgresql_where=sa.text("kind = 'expense'"))
    op.drop_index('ix_claim_piece_corrects_id', table_name='claim_piece')
    op.drop_index('ix_claim_piece_budget_line_id', table_name='claim_piece')
    op.drop_table('claim_piece')
    op.drop_index('ix_allocation_line_id', table_name='allocation')
    op.drop_index('ix_allocation_budget_line_id', table_name='allocation')
    op.drop_index('ix_allocation_asset_id', table_name='allocation')
    op.drop_table('allocation')
    op.drop_index('uq_asset_place', table_name='asset', sqlite_where=sa.text('gone_act_id IS NULL'), postgresql_where=sa.text('gone_act_id IS NULL'))
    op.drop_index('uq_asset_device', table_name='asset', sqlite_where=sa.text('gone_act_id IS NULL'), postgresql_where=sa.text('gone_act_id IS NULL'))
    op.drop_index('ix_asset_device_id', table_name='asset')
    op.drop_table('asset')
    op.drop_index('ix_receipt_operation_id_received_on_id', table_name='receipt')
    op.drop_table('receipt')
    op.drop_table('purchase_delivery')
    op.drop_index('ix_payment_expense_id', table_name='payment')
    op.drop_table('payment')
    op.drop_index('ix_paper_purchase_id', table_name='paper')
    op.drop_index('ix_paper_expense_id', table_name='paper')
    op.drop_table('paper')
    op.drop_index(op.f('ix_overrun_line_id'), table_name='overrun')
    op.drop_table('overrun')
    op.drop_table('key_part')
    op.drop_table('flat_base')
    op.drop_table('expense_line')
    op.drop_index(op.f('ix_commitment_line_id'), table_name='commitment')
    op.drop_table('commitment')
    op.drop_table('asset_account')
    op.drop_index(op.f('ix_amendment_line_id'), table_name='amendment')
    op.drop_table('amendment')
    op.drop_table('operation_partner')
    op.drop_table('funder')
    op.drop_index('uq_expense_once', table_name='expense', sqlite_where=sa.text('gone_act_id IS NULL'), postgresql_where=sa.text('gone_act_id IS NULL'))
    op.drop_index('ix_expense_supplier_key_number_key', table_name='expense')
    op.drop_index(op.f('ix_expense_purchase_id'), table_name='expense')
    op.drop_index('ix_expense_organisation_id_issued_on_id', table_name='expense')
    op.drop_index(op.f('ix_expense_credits_id'), table_name='expense')
    op.drop_table('expense')
    op.drop_index('ix_claim_operation_id_id', table_name='claim')
    op.drop_table('claim')
    op.drop_index('uq_budget_line_code', table_name='budget_line', sqlite_where=sa.text('gone_act_id IS NULL'), postgresql_where=sa.text('gone_act_id IS NULL'))
    op.drop_table('budget_line')
    op.drop_index(op.f('ix_purchase_organisation_id'), table_name='purchase')
    op.drop_table('purchase')
    op.drop_index('ix_programme_period_code_id', table_name='programme_period')
    op.drop_table('programme_period')
    op.drop_table('operation')
