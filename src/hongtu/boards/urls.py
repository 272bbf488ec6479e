"""Addresses of the boards."""

from django.urls import path

from hongtu.boards import views

app_name = "boards"
urlpatterns = [
    path("", views.wall_page, name="wall"),
    path("steps/", views.steps_page, name="steps"),
]
