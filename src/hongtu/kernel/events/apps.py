from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "hongtu.kernel.events"
    label = "events"
