"""The form of a card asks for what its kind of thing is asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.db import session
from app.inventory.models import DeviceModel
from tests.harness.live import Site

pytestmark = pytest.mark.browser


def of_kind(site: Site, kind: str) -> int:
    """The number of a model of that kind."""
    with site.app.app_context():
        models = select(DeviceModel.id).where(DeviceModel.category_code == kind).order_by(DeviceModel.id)
        return session().scalars(models.limit(1)).one()


def test_the_fields_of_its_kind_appear_as_soon_as_the_model_is_chosen(site: Site, desk: Callable[..., Page]):
    page = desk()
    page.goto(f"{site.url}/devices/new")
    page.fill("#name", "Clé 4G n° 9")
    operator = page.get_by_label("Opérateur")
    expect(operator).to_have_count(0)
    page.select_option("#model", str(of_kind(site, "router")))
    expect(operator).to_be_visible()
    expect(page.locator("#name")).to_have_value("Clé 4G n° 9")
    page.select_option("#model", str(of_kind(site, "laptop")))
    expect(operator).to_have_count(0)
