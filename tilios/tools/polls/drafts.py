"""An option as somebody writes it, before it is one."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from tilios.tools.polls import moments


@dataclass(frozen=True)
class Draft:
    """`pk` is the option it changes; hours are told in the poll's zone; blobs are numbers of stored bytes."""

    pk: int | None = None
    label: str = ""
    day: date | None = None
    start: time | None = None
    end: time | None = None
    link: str = ""
    image: int | None = None
    file: int | None = None
    file_name: str = ""

    @classmethod
    def of(cls, option: Any, tz: ZoneInfo, *, keep_pk: bool = True) -> "Draft":
        """What `option` would be written as."""
        starts = option.starts_at.astimezone(tz) if option.starts_at else None
        ends = option.ends_at.astimezone(tz) if option.ends_at else None
        return cls(
            pk=option.pk if keep_pk else None,
            label=option.label,
            day=starts.date() if starts else option.day,
            start=starts.time() if starts else None,
            end=ends.time() if ends else None,
            link=option.link,
            image=option.image_id,
            file=option.file_id,
            file_name=option.file_name,
        )

    @property
    def is_empty(self) -> bool:
        return not (self.label or self.day or self.link or self.image or self.file)

    def fields(self, tz: ZoneInfo) -> dict[str, Any]:
        """The fields of an Option."""
        starts_at, ends_at = moments.span(self.day, self.start, self.end, tz) if self.day else (None, None)
        return {
            "label": self.label.strip()[:200],
            "day": self.day,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "link": self.link,
            "image_id": self.image,
            "file_id": self.file,
            "file_name": self.file_name[:200],
        }
