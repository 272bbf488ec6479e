"""Addresses of this room. The API's own addresses are `open311`, mounted at /open311/v2/ as the standard
has it."""

from django.urls import path

from hongtu.domains.problems.views import blocking, keys, measures, moves, open311, public, staff

app_name = "problems"
urlpatterns = [
    path("", public.home, name="home"),
    path("report/", public.report, name="report"),
    path("report/alike/", public.alike, name="alike"),
    path("open311/", keys.developers, name="developers"),
    path("open311/keys/", keys.issue, name="key-issue"),
    path("open311/keys/<int:pk>/withdraw/", keys.withdraw, name="key-withdraw"),
    path("report/done/", public.reported, name="reported"),
    path("follow/", public.follow, name="follow"),
    path("mine/<str:link>/", public.mine, name="mine"),
    path("mine/<str:link>/answer/<int:pk>/", public.answer, name="answer"),
    path("results/", public.results, name="results"),
    path("photos/<int:pk>.jpg", public.photo, name="photo"),
    path("my-day/", staff.my_day, name="my-day"),
    path("new/", staff.new, name="new"),
    path("<int:pk>/", staff.detail, name="detail"),
    path("<int:pk>/publish/", staff.publish, name="publish"),
    path("<int:pk>/block/", blocking.block, name="block"),
    path("<int:pk>/<slug:step>/", moves.move, name="move"),
    path("requests/<int:pk>/", moves.decide, name="decide"),
    path("<int:pk>/answers/<int:following>/", moves.staff_answer, name="staff-answer"),
    path("photos/internal/<int:pk>.jpg", staff.photo, name="internal-photo"),
    path("measures/", measures.page, name="measures"),
    path("measures/rows/", measures.rows, name="measure-rows"),
]

open311_patterns = (
    [
        path("discovery.<str:form>", open311.discovery, name="discovery"),
        path("services.<str:form>", open311.services, name="services"),
        path("services/<str:code>.<str:form>", open311.definition, name="definition"),
        path("requests.<str:form>", open311.requests, name="requests"),
        path("requests/<str:number>.<str:form>", open311.single, name="request"),
        path("tokens/<str:token>.<str:form>", open311.token, name="token"),
    ],
    "open311",
)
