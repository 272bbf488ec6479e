"""Addresses of the boards."""

from django.urls import path

from hongtu.boards import views

app_name = "boards"
urlpatterns = [
    path("", views.wall_page, name="wall"),
    path("screen/", views.screen_page, name="screen"),
    path("print/chains-<str:page>.pdf", views.chains_pdf, name="chains-pdf"),
    path("print/monthly-report.docx", views.monthly_report, name="monthly-report"),
    path("steps/", views.steps_page, name="steps"),
]
