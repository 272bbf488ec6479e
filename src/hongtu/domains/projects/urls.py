"""Addresses of the projects room beside its ledger."""

from django.urls import path

from hongtu.domains.projects import views

app_name = "projects"
urlpatterns = [
    path("<int:pk>/chain/", views.chain, name="chain"),
    path("<int:pk>/chain/new/", views.chain_new, name="chain-new"),
    path("<int:pk>/chain/promise/", views.promise, name="promise"),
    path("<int:pk>/chain/export.xml", views.chain_export, name="chain-export"),
    path("<int:pk>/chain/move/", views.step_move, name="step-move"),
    path("<int:pk>/chain/steps/new/", views.step_new, name="step-new"),
    path("<int:pk>/months/", views.months, name="months"),
    path("steps/<int:pk>/remove/", views.step_remove, name="step-remove"),
    path("steps/<int:pk>/", views.step, name="step"),
    path("<int:pk>/stage/", views.stage, name="stage"),
    path("<int:pk>/light/", views.light_change, name="light-change"),
    path("light-changes/", views.light_changes, name="light-changes"),
    path("light-changes/<int:pk>/decide/", views.light_decide, name="light-decide"),
    path("<int:pk>/reports/<str:period>/", views.report, name="report"),
    path("reports/", views.reports, name="reports"),
    path("reports/<int:pk>/decide/", views.report_decide, name="report-decide"),
    path("<int:pk>/evidence/new/", views.evidence_new, name="evidence-new"),
    path("evidence/<int:pk>/", views.evidence_file, name="evidence-file"),
]
