"""Triggers in migrations, without rendering the models anew for each.

pgtrigger's operations reload the model, and with it all that are linked to it: nearly the whole house, four
hundred times, which is a third of the time of a first start. A trigger changes no field, so nothing needs it.
After `makemigrations` replace `pgtrigger.migrations` by this module; a test says so when it was forgotten.
"""

from django.db.migrations.state import ProjectState
from pgtrigger import migrations


class AddTrigger(migrations.AddTrigger):
    """Adds the trigger to the model's options and to its table."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]


class RemoveTrigger(migrations.RemoveTrigger):
    """Takes the trigger out of the model's options and off its table."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [t for t in options.get("triggers", []) if t.name != self.name]
