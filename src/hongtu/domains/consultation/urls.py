"""Addresses of the consultation room beside its ledgers."""

from django.urls import path

from hongtu.domains.consultation.views import home, meeting, moves, owners, public, results, topic

app_name = "consultation"
urlpatterns = [
    path("", home.home, name="home"),
    path("calculator/", owners.calculator, name="calculator"),
    path("public/", public.postings, name="postings"),
    path("public/<int:pk>/", public.posting, name="posting"),
    path("results/", results.results, name="results"),
    path("meetings/<int:pk>/", meeting.meeting, name="meeting"),
    path("meetings/<int:pk>/sign-in/", meeting.sign_in, name="sign-in"),
    path("meetings/<int:pk>/speak/", meeting.speak, name="speak"),
    path("meetings/<int:pk>/vote/", meeting.vote, name="vote"),
    path("meetings/<int:pk>/differences/", meeting.differences, name="differences"),
    path("polls/<int:pk>/", owners.poll, name="poll"),
    path("polls/<int:pk>/cast/", owners.cast, name="cast"),
    path("polls/<int:pk>/close/", owners.close, name="close-poll"),
    path("inspections/<int:pk>/photo.jpg", topic.inspection_photo, name="inspection-photo"),
    path("<int:pk>/", topic.topic, name="topic"),
    path("<int:pk>/archive.pdf", topic.archive, name="archive"),
    path("<int:pk>/<slug:slug>/", moves.move, name="move"),
]
