"""Addresses of the boards."""

from django.urls import path

from hongtu.boards import handbook_manual_views, handbook_views, views
from hongtu.boards.assistant import desk
from hongtu.boards.assistant import views as assistant
from hongtu.boards.notices import views as notices

app_name = "boards"
urlpatterns = [
    path("", views.wall_page, name="wall"),
    path("screen/", views.screen_page, name="screen"),
    path("print/chains-<str:page>.pdf", views.chains_pdf, name="chains-pdf"),
    path("print/monthly-report.docx", views.monthly_report, name="monthly-report"),
    path("steps/", views.steps_page, name="steps"),
    path("handbook/<int:pk>/", handbook_views.handbook_page, name="handbook"),
    path("handbook/<int:pk>/tick/", handbook_views.handbook_tick, name="handbook-tick"),
    path("handbook/<int:pk>/book-<str:page>.pdf", handbook_views.handbook_pdf, name="handbook-pdf"),
    path("handbook/<int:pk>/handbook.docx", handbook_views.handbook_word, name="handbook-word"),
    path("manual/<int:pk>/", handbook_manual_views.manual_page, name="manual"),
    path("manual/<int:pk>/tick/", handbook_manual_views.manual_tick, name="manual-tick"),
    path("manual/<int:pk>/book-<str:page>.pdf", handbook_manual_views.manual_pdf, name="manual-pdf"),
    path("manual/<int:pk>/manual.docx", handbook_manual_views.manual_word, name="manual-word"),
    path("assistant/", assistant.assistant_page, name="assistant"),
    path("assistant/ask/", assistant.assistant_ask, name="assistant-ask"),
    path("assistant/handover/", assistant.assistant_handover, name="assistant-handover"),
    path("assistant/feedback/<int:number>/", assistant.assistant_feedback, name="assistant-feedback"),
    path("assistant/settle/", assistant.assistant_settle, name="assistant-settle"),
    path("assistant/staff/", assistant.assistant_staff, name="assistant-staff"),
    path("assistant/widget/", assistant.assistant_widget, name="assistant-widget"),
    path("assistant/api/ask", assistant.assistant_api, name="assistant-api"),
    path("assistant/queue/", desk.queue, name="assistant-queue"),
    path("assistant/queue/<int:pk>/", desk.queue_item, name="assistant-item"),
    path("assistant/unanswered/", desk.unanswered, name="assistant-unanswered"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<uuid:pk>/", notices.notice, name="notice"),
    path("notices/<uuid:pk>/read/", notices.read, name="notice-read"),
    path("notices/read/", notices.read_all, name="notices-read"),
    path("notices/messages/<uuid:pk>/retry/", notices.retry, name="notice-retry"),
    path("notices/undelivered/", notices.undelivered, name="notices-undelivered"),
    path("notices/settings/", notices.preferences, name="notice-settings"),
    path("notices/settings/test/", notices.test, name="notice-test"),
    path("notices/settings/calendar/", notices.calendar_issue, name="notice-calendar-issue"),
    path("notices/settings/calendar/revoke/", notices.calendar_revoke, name="notice-calendar-revoke"),
    path("notices/calendar/<str:token>/deadlines.ics", notices.calendar_feed, name="notice-calendar"),
]
