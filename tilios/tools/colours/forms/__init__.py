"""Forms of sessions: parse and say what is wrong; the actions decide."""

from tilios.tools.colours.forms.lives import ImportForm, InviteForm, ReopenForm
from tilios.tools.colours.forms.rows import CollegeRows, StatementRows
from tilios.tools.colours.forms.scales import ScaleForm
from tilios.tools.colours.forms.sessions import SessionForm

__all__ = ["CollegeRows", "ImportForm", "InviteForm", "ReopenForm", "ScaleForm", "SessionForm", "StatementRows"]
