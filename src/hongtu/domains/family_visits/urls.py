"""Addresses of the room. They are in the URL table of its members only (hongtu.site.rooms)."""

from django.urls import path

from hongtu.domains.family_visits import views

app_name = "family_visits"
urlpatterns = [
    path("", views.home, name="home"),
    path("officials/new/", views.official_new, name="official-new"),
    path("officials/<uuid:pk>/", views.official, name="official"),
    path("officials/<uuid:pk>/edit/", views.official_edit, name="official-edit"),
    path("officials/<uuid:pk>/release/", views.official_release, name="official-release"),
    path("officials/<uuid:pk>/plan/", views.plan, name="plan"),
    path("visits/<uuid:pk>/", views.visit, name="visit"),
    path("visits/<uuid:pk>/record/", views.record, name="record"),
    path("visits/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("visits/<uuid:pk>/needs/", views.need_new, name="need-new"),
    path("needs/", views.needs, name="needs"),
    path("needs/<uuid:pk>/", views.need, name="need"),
    path("needs/<uuid:pk>/settle/", views.settle, name="settle"),
    path("needs/<uuid:pk>/confirm/", views.confirm, name="confirm"),
    path("log/", views.log, name="log"),
    path("retention/", views.retention, name="retention"),
    path("retention/purge/", views.purge, name="purge"),
    path("settings/", views.settings, name="settings"),
    path("settings/<str:kind>/<uuid:pk>/", views.setting, name="setting"),
    path("members/", views.members, name="members"),
    path("members/withdraw/", views.withdraw, name="withdraw"),
]
