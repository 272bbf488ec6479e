"""Addresses of the matters room beside its ledgers."""

from django.urls import path

from hongtu.domains.matters import views

app_name = "matters"
urlpatterns = [
    path("", views.matter_list, name="list"),
    path("bundles/<slug:code>/", views.bundle_page, name="bundle"),
    path("review/", views.review, name="review"),
    path("guides/<int:pk>/edit/", views.guide_edit, name="guide-edit"),
    path("guides/<int:pk>/next/", views.guide_next, name="guide-next"),
    path("guides/<int:pk>/decide/", views.guide_decide, name="guide-decide"),
    path("guides/first/<int:pk>/", views.guide_first, name="guide-first"),
    path("m/<str:code>/", views.matter_page, name="matter"),
]
