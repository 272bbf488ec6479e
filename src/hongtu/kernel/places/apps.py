from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "hongtu.kernel.places"
    label = "places"
