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
    path("<int:pk>/chain/preview/", views.preview, name="preview"),
    path("<int:pk>/chain/versions/", views.versions, name="versions"),
    path("<int:pk>/risk/", views.risk, name="risk"),
    path("<int:pk>/approvals/", views.approvals, name="approvals"),
    path("steps/<int:pk>/why/", views.why, name="why"),
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
    path("<int:pk>/rescue/", views.rescue, name="rescue"),
    path("<int:pk>/rescue/apply/", views.rescue_apply, name="rescue-apply"),
    path("faces/", views.faces, name="faces"),
    path("faces/upload/", views.faces_upload, name="faces-upload"),
    path("faces/export.geojson", views.faces_export, name="faces-export"),
    path("faces/joint/", views.joint_ask, name="joint-ask"),
    path("faces/joint/<int:pk>/", views.joint, name="joint"),
    path("faces/joint/<int:pk>/progress/", views.joint_progress, name="joint-progress"),
    path("faces/joint/<int:pk>/stop/", views.joint_stop, name="joint-stop"),
    path("faces/joint/<int:pk>/propose/", views.agreement_propose, name="agreement-propose"),
    path("faces/agreements/<int:pk>/", views.agreement, name="agreement"),
    path("faces/agreements/<int:pk>/sign/", views.agreement_sign, name="agreement-sign"),
    path("faces/agreements/<int:pk>/withdraw/", views.agreement_withdraw, name="agreement-withdraw"),
    path("evidence/<int:pk>/", views.evidence_file, name="evidence-file"),
]
