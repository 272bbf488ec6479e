"""Addresses of the assessment."""

from django.urls import path

from hongtu.domains.assessment import views

app_name = "assessment"
urlpatterns = [
    path("", views.home, name="home"),
    path("ranking/<slug:subject>/", views.ranking, name="ranking"),
    path("ranking/<slug:subject>/ranking.xlsx", views.ranking_excel, name="ranking-excel"),
    path("ranking/<slug:subject>/ranking.docx", views.ranking_word, name="ranking-word"),
    path("ranking/<slug:subject>/compare/", views.compare, name="compare"),
    path("ranking/<slug:subject>/publish/", views.publish, name="publish"),
    path("ranking/<slug:subject>/<int:unit>/", views.unit, name="unit"),
    path("ranking/<slug:subject>/<int:unit>/<slug:item>/", views.rows, name="rows"),
    path("schemes/new/", views.scheme_new, name="scheme-new"),
    path("schemes/<int:pk>/", views.scheme, name="scheme"),
    path("schemes/<int:pk>/edit/", views.scheme_edit, name="scheme-edit"),
    path("schemes/<int:pk>/propose/", views.scheme_propose, name="scheme-propose"),
    path("schemes/<int:pk>/decide/", views.scheme_decide, name="scheme-decide"),
    path("published/<int:pk>/", views.published, name="published"),
    path("published/<int:pk>/ranking.xlsx", views.published_excel, name="published-excel"),
    path("published/<int:pk>/ranking.docx", views.published_word, name="published-word"),
    path("published/<int:pk>/object/", views.object_to, name="object"),
    path("published/<int:pk>/correct/", views.correct, name="correct"),
    path("excuses/new/", views.excuse_new, name="excuse-new"),
    path("excuses/<int:pk>/", views.excuse, name="excuse"),
    path("adjustments/new/", views.adjustment_new, name="adjustment-new"),
    path("adjustments/<int:pk>/", views.adjustment, name="adjustment"),
    path("falsifications/new/", views.falsification_new, name="falsification-new"),
    path("falsifications/<int:pk>/", views.falsification, name="falsification"),
    path("falsifications/<int:pk>/appeal/", views.appeal, name="appeal"),
    path("falsifications/<int:pk>/appeal/decide/", views.appeal_decide, name="appeal-decide"),
    path("objections/<int:pk>/", views.objection, name="objection"),
]
