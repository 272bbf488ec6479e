from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class BoardsConfig(AppConfig):
    name = "hongtu.boards"
    label = "boards"

    def ready(self) -> None:
        """Tell the rooms below which pages of ours belong on theirs."""
        from hongtu.domains.matters.views import public
        from hongtu.ledger.declaration import PageLink, link_page

        public.answer_questions_at("boards:assistant-ask")
        link_page(
            "projects",
            PageLink(
                _("办事手册"), lambda project: reverse("boards:handbook", args=[project.pk]), "projects.read"
            ),
        )
        link_page(
            "projects",
            PageLink(
                _("全周期手册"), lambda project: reverse("boards:manual", args=[project.pk]), "projects.read"
            ),
        )
