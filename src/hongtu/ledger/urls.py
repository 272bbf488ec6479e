"""Addresses of every ledger; mounted at `/ledgers/`."""

from django.urls import path

from hongtu.ledger.views import records, saved

app_name = "ledger"
urlpatterns = [
    path("<slug:slug>/", records.list_, name="list"),
    path("<slug:slug>/new/", records.create, name="create"),
    path("<slug:slug>/<int:pk>/", records.detail, name="detail"),
    path("<slug:slug>/<int:pk>/edit/", records.edit, name="edit"),
    path("<slug:slug>/views/", saved.save, name="view-save"),
    path("<slug:slug>/views/<int:pk>/delete/", saved.delete, name="view-delete"),
    path("<slug:slug>/template.xlsx", saved.delete, name="template"),
    path("<slug:slug>/export.<str:format>", saved.delete, name="export"),
    path("<slug:slug>/import/", saved.delete, name="import"),
]
