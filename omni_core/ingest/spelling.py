"""Dates as people and programs write them, spelled so that a format can read them (SQL)."""

from __future__ import annotations

_MONTHS = (
    ("Jan", "jan(?:uary|uar|vier|v|eiro)?|jänner|ene(?:ro)?|gen(?:naio)?|janeiro|янв(?:аря)?"),
    ("Feb", "feb(?:ruary|ruar|rero|braio)?|f[ée]v(?:r(?:ier)?)?|fevereiro|февр?(?:аля)?"),
    ("Mar", "mar(?:ch|s|zo|ço|et|eç)?|m[äa]e?rz|mrz|maart|mrt|марта?"),
    ("Apr", "apr(?:il|ile)?|avr(?:il)?|abr(?:il)?|апр(?:еля)?"),
    ("May", "may(?:o)?|mai|maggio|mag|maio|mei|maj|мая"),
    ("Jun", "june?|juni|juin|junio|giu(?:gno)?|junho|июня?"),
    ("Jul", "july?|juli|juil(?:let)?|julio|lug(?:lio)?|julho|июля?"),
    ("Aug", "aug(?:ust)?|ao[ûu]t|ago(?:sto)?|augustus|авг(?:уста)?"),
    ("Sep", "sept?(?:ember|embre|iembre|tembre)?|set(?:tembre)?|setembro|сент?(?:ября)?"),
    ("Oct", "oct(?:ober|obre|ubre)?|okt(?:ober)?|ott(?:obre)?|out(?:ubro)?|окт(?:ября)?"),
    ("Nov", "nov(?:ember|embre|iembre|embro)?|ноя(?:бря)?"),
    ("Dec", "dec(?:ember)?|dez(?:ember)?|d[ée]c(?:embre)?|dic(?:iembre|embre)?|dezembro|дек(?:абря)?"),
)
_WEEKDAYS = (
    "mon|tues?|wed(nes)?|thu(rs?)?|fri|satur|sat|sun|montag|dienstag|mittwoch|donnerstag|freitag|"
    "samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so|lundi|mardi|mercredi|jeudi|vendredi|samedi|"
    "dimanche|lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo")
_ZONES = (("CET", "+01:00"), ("CEST", "+02:00"), ("JST", "+09:00"), ("PST", "-08:00"),
          ("PDT", "-07:00"), ("EST", "-05:00"), ("EDT", "-04:00"), ("BST", "+01:00"))
_STEPS: tuple[tuple[str, str], ...] = (
    (r'^=?"(.*)"$', r"\1"),
    # days of the week say nothing more than the date
    (r"\s*[(]?(星期|周|週|礼拜)[一二三四五六日天][)]?\s*", " "),
    (r"\s*[(][月火水木金土日][)]\s*", " "),
    (rf"^({_WEEKDAYS})(day)?[.,]*\s+", ""),
    (r"\s*\([^()0-9]+\)$", ""),  # a zone's name
    (r"(\d{4})\s*년\s*(\d{1,2})\s*월\s*(\d{1,2})\s*일\s*", r"\1-\2-\3 "),
    (r"^(\d{4})\. (\d{1,2})\. (\d{1,2})\.?", r"\1-\2-\3"),
    (r"(\d)\s*시\s*(\d)", r"\1:\2"),
    (r"(\d)\s*분\s*(\d)", r"\1:\2"),
    (r"(\d)\s*[시분초]\s*$", r"\1"),
    # programs' own forms: basic ISO, logs of servers, C's clock, a comma before the fraction
    (r"^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)", r"\1-\2-\3 \4:\5:\6"),
    (r"^(\d{4}-\d\d-\d\d)[-_](\d\d)[.:](\d\d)[.:](\d\d)", r"\1 \2:\3:\4"),
    (r"^(\d{1,2}/[A-Za-z]+/\d{4}):(\d\d:)", r"\1 \2"),
    (r"^([A-Za-z]+ +\d{1,2}) (\d{1,2}:\d\d:\d\d) (\d{4})$", r"\1 \3 \2"),
    (r"(:\d\d)[,.](\d{1,6})\d*", r"\1.\2"),
    (r"^(\d{4}[-/]\d{1,2}[-/]\d{1,2}) (\d{1,2})$", r"\1 \2:00"),
    (r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?\s*", r"\1-\2-\3 "),
    (r"(\d)\s*[时時點点]\s*(\d)", r"\1:\2"),
    (r"(\d)\s*分\s*(\d)", r"\1:\2"),
    (r"(\d)\s*[时時點点]\s*$", r"\1:00"),
    (r"(\d)\s*[分秒]", r"\1"),
    (r"(上午|凌晨|早上|午前|오전)\s*([0-9:]+)", r" \2 AM"),
    (r"(下午|晚上|午後|中午|傍晚|오후)\s*([0-9:]+)", r" \2 PM"),
    (r"\s*\b([ap])\.\s?m\.?", r" \1m"),
    (r"(\d)\s?([ap]m)\b", r"\1 \2"),
    # 15:04 PM and 00:15 AM are already hours of a day
    (r"(^|[^:\d])((?:1[3-9]|2[0-3]):[0-9:]+) PM", r"\1\2"),
    (r"(^|[^:\d])(00?:[0-9:]+) AM", r"\1\2"),
    (r"(\d)(st|nd|rd|th|er|º|ª|\.)\s+([A-Za-zäéûÄÉ])", r"\1 \3"),
    (r"\s+(de|del|of|at|um|à|kl|г|alle|às|om)\.?\s+", " "),
    (r"\s+г\.?$", ""),
    (r"(\d{1,2})\s?h\s?(\d{2})\b", r"\1:\2"),
    (r"\s*\b(Uhr|h(?:rs?|s)?)\b\.?", ""),
    (r",\s*", " "),
    (r"\s(\d{1,2})\.(\d{2})$", r" \1:\2"),
    (r"\s(\d{1,2})\.(\d{2})\.(\d{2})$", r" \1:\2:\3"),
    (r"(GMT|UTC)\s*([+-])(\d)(:?00)?$", r"\2" + "0" + r"\3:00"),
    (r"(GMT|UTC)\s*([+-]\d{2})$", r"\2:00"),
    (r"(GMT|UTC)\s*([+-]\d{2}:?\d{2})$", r"\2"),
    (r"(:\d{2}\S*?)\s?([+-]\d{2})$", r"\1\2:00"),
    (r"\s+", " "),
)
# full-width forms, and the blanks that programs set between parts of a time
_FULL_WIDTH = ("'０１２３４５６７８９／－\uff1a．（）\uff0c\u00a0\u2009\u202f\u3000', "
               "'0123456789/-:.(),    '")
_ERA = r"^令和\s*(\d{1,2}|元)\s*年"


def spelled(cell: str) -> str:
    """Return SQL of a date's text in digits, English month names, AM and PM, numeric offsets."""
    text = f"translate({cell}, {_FULL_WIDTH})"
    year = f"regexp_extract({text}, '{_ERA}', 1)"
    first = f"CASE {year} WHEN '元' THEN 1 ELSE TRY_CAST({year} AS INTEGER) END"
    text = (f"CASE WHEN starts_with({text}, '令和') THEN "
            f"concat(2018 + {first}, regexp_replace({text}, '{_ERA}', '年')) ELSE {text} END")
    for pattern, by in _STEPS:
        text = f"regexp_replace({text}, '{pattern}', '{by}', 'gi')"
    for name, words in _MONTHS:
        text = (f"regexp_replace({text}, '(^|[\\s/-])(?:{words})\\.?($|[\\s/-])', "
                f"'\\1{name}\\2', 'i')")
    for name, offset in _ZONES:
        text = f"regexp_replace({text}, '(\\d|[AP]M)\\s?{name}$', '\\1{offset}')"
    return f"trim({text})"
