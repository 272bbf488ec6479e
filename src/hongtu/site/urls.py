"""The URL table: composition only."""

from django.urls import URLPattern, URLResolver, include, path

from hongtu.domains.problems.urls import open311_patterns
from hongtu.site.accounts import LogInView
from hongtu.site.api import api, public_openapi
from hongtu.site.api_pages import documentation
from hongtu.site.passwords import set_password
from hongtu.site.tokens import revoke, tokens

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("hongtu.boards.urls")),
    path("projects/", include("hongtu.domains.projects.urls")),
    path("problems/", include("hongtu.domains.problems.urls")),
    path("open311/v2/", include(open311_patterns)),
    path("matters/", include("hongtu.domains.matters.urls")),
    path("visits/", include("hongtu.domains.visits.urls")),
    path("dispatch/", include("hongtu.domains.dispatch.urls")),
    path("assessment/", include("hongtu.domains.assessment.urls")),
    path("consultations/", include("hongtu.domains.consultation.urls")),
    path("ledgers/", include("hongtu.ledger.urls")),
    path("api/v1/assistant/openapi.json", public_openapi, name="public-openapi"),
    path("api/v1/", api.urls),
    path("api/", documentation, name="api-documentation"),
    path("tokens/", tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", revoke, name="token-revoke"),
    path("ui/", include("hongtu.ui.urls")),
    path("people/<int:pk>/password/", set_password, name="set-password"),
    path("accounts/login/", LogInView.as_view(), name="account_login"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
