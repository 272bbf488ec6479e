from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hongtu.kernel.people"
    label = "people"
