"""Addresses of every ledger; mounted at `/ledgers/`."""

from django.urls import path

from hongtu.ledger.views import columns, imports, records, saved, sheets

app_name = "ledger"
urlpatterns = [
    path("<slug:slug>/", records.list_, name="list"),
    path("<slug:slug>/new/", records.create, name="create"),
    path("<slug:slug>/<int:pk>/", records.detail, name="detail"),
    path("<slug:slug>/<int:pk>/edit/", records.edit, name="edit"),
    path("<slug:slug>/views/", saved.save, name="view-save"),
    path("<slug:slug>/views/<int:pk>/delete/", saved.delete, name="view-delete"),
    path("<slug:slug>/template.xlsx", sheets.template, name="template"),
    path("<slug:slug>/export.<str:form>", sheets.export, name="export"),
    path("<slug:slug>/import/", imports.upload, name="import"),
    path("<slug:slug>/import/<int:pk>/", imports.job, name="import-job"),
    path("<slug:slug>/import/<int:pk>/sheet/", columns.sheet, name="import-sheet"),
    path("<slug:slug>/import/<int:pk>/unit/<int:column>/", columns.unit, name="import-unit"),
    path("<slug:slug>/import/<int:pk>/check/", imports.check, name="import-check"),
    path("<slug:slug>/import/<int:pk>/confirm/", imports.confirm, name="import-confirm"),
    path("<slug:slug>/import/<int:pk>/progress/", imports.progress, name="import-progress"),
    path("<slug:slug>/import/<int:pk>/stop/", imports.stop, name="import-stop"),
    path("<slug:slug>/import/<int:pk>/faults.xlsx", imports.faults, name="import-faults"),
]
