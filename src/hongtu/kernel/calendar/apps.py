from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "hongtu.kernel.calendar"
    label = "calendar"
