"""Addresses of the visits room beside its ledgers."""

from django.urls import path

from hongtu.domains.visits import views

app_name = "visits"
urlpatterns = [
    path("", views.home, name="home"),
    path("programme/", views.programme, name="programme"),
    path("day/", views.day, name="day"),
    path("day/order/", views.day_order, name="day-order"),
    path("day/add/", views.day_add, name="day-add"),
    path("<int:pk>/", views.visit, name="visit"),
    path("<int:pk>/hold/", views.hold, name="hold"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/findings/", views.finding_new, name="finding-new"),
    path("photos/<int:pk>.jpg", views.photo, name="photo"),
]
