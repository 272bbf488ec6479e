"""Addresses of the matters room beside its ledgers."""

from django.urls import path

from hongtu.domains.matters import views

app_name = "matters"
urlpatterns = [
    path("", views.matter_list, name="list"),
    path("bundles/<slug:code>/", views.bundle_page, name="bundle"),
    path("review/", views.review, name="review"),
    path("incomplete/", views.incomplete, name="incomplete"),
    path("import/", views.guide_import, name="guide-import"),
    path("import/<int:pk>/", views.guide_import_job, name="guide-import-job"),
    path("guides/<int:pk>/materials/<int:number>/", views.guide_material, name="guide-material"),
    path("guides/<int:pk>/attach/<str:element>/", views.guide_attach, name="guide-attach"),
    path("guides/<int:pk>/detach/<int:file>/", views.guide_detach, name="guide-detach"),
    path("guides/<int:pk>/guide.<str:kind>", views.guide_export, name="guide-export"),
    path("files/<int:pk>/", views.guide_file, name="guide-file"),
    path("guides/<int:pk>/edit/", views.guide_edit, name="guide-edit"),
    path("guides/<int:pk>/next/", views.guide_next, name="guide-next"),
    path("guides/<int:pk>/decide/", views.guide_decide, name="guide-decide"),
    path("guides/first/<int:pk>/", views.guide_first, name="guide-first"),
    path("m/<str:code>/", views.matter_page, name="matter"),
]
