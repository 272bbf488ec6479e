"""Addresses of the boards."""

from django.urls import path

from hongtu.boards import handbook_views, views
from hongtu.boards.assistant import desk
from hongtu.boards.assistant import views as assistant

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
]
