"""What people fill in: the poll itself, its options, a vote keyed in, the close."""

from tilios.tools.polls.forms.closing import CloseForm, ReopenForm
from tilios.tools.polls.forms.formal import BatchForm, RollForm
from tilios.tools.polls.forms.importing import ImportForm
from tilios.tools.polls.forms.polls import PollForm
from tilios.tools.polls.forms.rows import ChoiceRows, DateRows, OptionRows, rows_class

__all__ = [
    "BatchForm",
    "ChoiceRows",
    "CloseForm",
    "DateRows",
    "ImportForm",
    "OptionRows",
    "PollForm",
    "ReopenForm",
    "RollForm",
    "rows_class",
]
