"""Addresses of the dispatch room beside its ledgers."""

from django.urls import path

from hongtu.domains.dispatch import views

app_name = "dispatch"
urlpatterns = [
    path("", views.home, name="home"),
    path("<int:pk>/", views.meeting, name="meeting"),
    path("<int:pk>/draw/", views.draw, name="draw"),
    path("<int:pk>/items/new/", views.item_new, name="item-new"),
    path("<int:pk>/issue/", views.issue, name="issue"),
    path("<int:pk>/next/", views.next_meeting, name="next"),
    path("<int:pk>/minutes.docx", views.minutes, name="minutes"),
    path("limits/<int:pk>/lift/", views.lift, name="lift"),
    path("items/<int:pk>/", views.item, name="item"),
]
