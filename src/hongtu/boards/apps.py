from django.apps import AppConfig


class BoardsConfig(AppConfig):
    name = "hongtu.boards"
    label = "boards"
