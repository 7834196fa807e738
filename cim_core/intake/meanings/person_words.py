"""How lists of persons name their columns, in English and Spanish, and what stands in them."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from functools import lru_cache

from cim_core.data.race_counts import Group
from cim_core.intake.meanings import race_names

_LONGEST, _MOST_WORDS = 60, 7


class PersonWord(Enum):
    """What a column says of one person."""

    PERSON = "person"
    NAME = "name"
    FIRST = "first name"
    LAST = "last name"
    ID = "id"
    STAFF = "staff"
    GRADE = "grade"
    DISABILITY = "disability"
    BIRTH = "birth"
    GENDER = "gender"
    ETHNICITY = "ethnicity"
    ROOM = "room"
    SCHOOL = "school"
    ABSENCE = "absence"
    MEETING = "meeting"
    LANGUAGE = "language"
    CONTACT = "contact"
    FAMILY = "family"
    AGE = "age"
    SERVICE = "service"
    INCIDENT = "incident"
    TRANSPORT = "transport"
    MARK = "mark"
    EXIT = "exit"
    STATUS = "status"


_HEADERS = {
    PersonWord.PERSON: (
        "(?:the )?(?:student|pupil|child|learner|scholar|kid|rider|passenger|camper|participant|client"
        "|patient|offender|suspended student|youth|alumno|alumna|alumnos|estudiante|estudiantes|nino|nina"
        "|nombre del (?:alumno|estudiante|nino)|nombre de la (?:alumna|estudiante|nina)|nombre estudiante"
        "|nombre alumno|students? involved|student involved)s?(?: (?:name|full name|legal name|s name))?"
    ),
    PersonWord.NAME: (
        "names?|full name|legal name|nombre completo|nombre y apellidos?|apellidos? y nombres?"
        "|apellidos?,? nombres?|initials|iniciales|preferred name|nickname|aka|name of (?:student|pupil"
        "|child)|complete name|display name"
    ),
    PersonWord.FIRST: (
        "first|first ?name|forename|given ?name|fname|f name|legal first(?: name)?|nombres?|primer nombre"
        "|christian name|(?:student|pupil|stu|child) (?:first|forename|given)(?: name)?"
        "|preferred first(?: name)?"
    ),
    PersonWord.LAST: (
        "last|last ?name|surname|family ?name|lname|l name|legal last(?: name)?|apellidos?"
        "|apellido (?:paterno|materno)|primer apellido|segundo apellido|(?:student|pupil|stu"
        "|child) (?:last|surname|family)(?: name)?"
    ),
    PersonWord.ID: (
        r"id|ids|\A(?:\w++ )?id(?: (?:number|num|no))?|perm(?: ?id| ?number| ?#| num)?|permanent (?:id"
        "|number)|number|no|key|student (?:no|number|num|nbr)|record(?: id| number)?"
        "|(?:numero de )?(?:identificacion|matricula)|matricula|folio|seis|calpads|aeries"
        "|powerschool|infinite campus|lasid|sasid|identifier"
        "|local identifier|pupil number|case (?:no|number|id)|badge|lunch (?:number|pin)|pin|barcode"
        "|account"
    ),
    PersonWord.STAFF: (
        r"case ?(?:manager|carrier|mgr|worker)s?(?: name)?|\A(?:\w++ )?teachers?(?: name| of record| 1| 2)?"
        "|(?:homeroom|advisory)(?: teacher)?|providers?|counselors?|service providers?|psychologist|slp"
        r"|therapist|para|paraeducator|aide|maestr[oa](?: de \w+)?|profesora?|docente|consejer[oa]"
        "|referred by|referring (?:staff|teacher)|driver|administrador|case manager assigned|iep manager"
        "|education specialist|specialist|instructor|rsp|sdc teacher"
    ),
    PersonWord.GRADE: (
        "(?:current |present |school )?(?:grade|gr|grd|grade ?level|gradelevel|grado|nivel|year group"
        r"|class of|grade code|grado escolar)(?: (?:level|code|2\d))?"
    ),
    PersonWord.DISABILITY: (
        "(?:primary |secondary |main |federal |student )*(?:disability|disabilities|eligibility"
        "|exceptionality|handicapping condition|diagnosis|discapacidad|impairment)(?: (?:code|name|type"
        "|category|description|desc|status|flag|cd|1|2|primary|secondary))*|discapacidad (?:primaria"
        "|principal)|area of (?:eligibility|need)|sped category|qualifying condition|condition"
    ),
    PersonWord.BIRTH: (
        "(?:date of |fecha de )?(?:birth|nacimiento)(?: ?(?:date|day|dt))?|dob|birthdate|birthday|bday"
        "|b day|d o b|born|fecha nac(?:imiento)?|f nacimiento|cumpleanos"
    ),
    PersonWord.GENDER: ("(?:gender|sex|sexo|genero)(?: code| identity)?|pronouns|m f"),
    PersonWord.ETHNICITY: (
        "(?:primary |student )?(?:race|ethnicity|race ethnicity|ethnicity race|ethnic group|ethnic|raza"
        "|etnia|origen etnico|hispanic)(?: (?:code|1|2|flag))?"
    ),
    PersonWord.ROOM: (
        "(?:home ?)?room(?: ?(?:number|no|num|nbr))?|rm|classroom|salon|aula|sala|locker(?: number)?"
        "|section|period|class ?period|seat"
    ),
    PersonWord.SCHOOL: (
        "(?:home |current |serving |attending |neighborhood |next )?(?:school|school site|site|campus"
        "|escuela|plantel)(?: name| of attendance| of residence| attended| code)?|(?:district|dor"
        "|lea) of residence"
    ),
    PersonWord.ABSENCE: (
        "(?:total |unexcused |excused |full |partial )?(?:days |periods |hours )?(?:absent|absences?"
        r"|tardy|tardies|missed|truan\w+|attended|present|suspended|enrolled|in attendance)(?: (?:days?"
        "|percent|rate|ytd|count|total))?|absence (?:percent|pct|rate)|percent absent"
        "|attendance(?: (?:percent|pct|rate|code))?|ausencias|dias (?:ausentes?|de ausencia|faltados)"
        "|faltas|asistencia|inasistencias|tardanzas"
    ),
    PersonWord.MEETING: (
        r"\A(?:\w++ ){0,3}(?:iep|ieps|triennial|tri|annual|referral|consent|evaluation|eval|meeting"
        r"|assessment|amendment|reeval\w*|transition plan)(?: (?:due|review|next|last|held|start|end|plan"
        r"|meeting|signed|initial))* (?:date|dt|due|on)|date of (?:\w+ ){0,2}(?:iep|triennial|referral"
        "|consent|evaluation|meeting)|next (?:iep|annual|triennial|tri)|last (?:iep|annual|triennial|tri)"
        "|iep (?:due|date|held|meeting|signed)|fecha del? (?:iep|pei|reunion|evaluacion|proximo iep)"
        "|annual due|tri due"
    ),
    PersonWord.LANGUAGE: (
        "(?:home |primary |native |first )?(?:language|lang|idioma)(?: (?:spoken|code|at home|in the home"
        "|materno|del hogar|en casa))?|lengua(?: materna)?|(?:el|ell|english learner|elpac"
        "|language)(?: (?:status|level|fluency|designation))|elpac|english learner|el"
    ),
    PersonWord.CONTACT: (
        "(?:home |mailing |street |email |e mail |student |residence |residential )?(?:address|phone"
        "|telephone|cell|email|e mail|mobile|direccion|domicilio|telefono"
        "|correo(?: electronico)?)(?: (?:number|no|1|2|line 1))?|zip(?: ?code)?|street|city of residence"
        "|codigo postal|emergency contact"
    ),
    PersonWord.FAMILY: (
        "(?:parent|guardian|mother|father|madre|padre|padres|tutor|tutora|parent guardian|family"
        "|household|rights holder|ed rights holder|foster parent|sibling)s?(?: (?:name|1|2|contact|s name"
        "|guardian|legal|phone|email|o tutor))*|nombre (?:del padre|de la madre|del tutor)"
    ),
    PersonWord.AGE: ("age|edad|age (?:in )?(?:years|yrs)|current age|anos"),
    PersonWord.SERVICE: (
        "(?:weekly |daily |monthly |total )?(?:service|services|services? minutes|minutes|mins"
        "|min per week|minutes per week|sai|speech minutes|related services?|primary service|placement"
        "|setting|program setting|program|programa|servicios?|minutos)(?: (?:per (?:week|month|day)"
        "|delivered|owed|code|type))?|accommodations?|modifications?"
        r"|\A(?:\w++ ){0,2}goals?(?: \w+){0,2}|iep \w+(?: \w+)?|bip"
        r"|medication|meds|allerg\w+|health plan|medical|diagnosis|504 plan|percent (?:in|of) (?:regular"
        r"|gen ed|general)(?: \w+)*|percent gen ed|lre percent|time (?:in|outside) (?:regular|gen ed"
        r"|general)(?: \w+)*"
    ),
    PersonWord.INCIDENT: (
        "(?:incident|infraction|offense|violation|behavior|referral|discipline|disposition|consequence"
        "|action taken|suspension|conduct|incidente|ofensa|falta cometida|location of incident|ed code"
        "|education code|reason|removal)(?: (?:type|date|code|description|id|time|location|reason|length"
        "|days|start|end|result))*|days? suspended|date of (?:incident|suspension|offense)|iss days"
        "|oss days|fecha del incidente|dias suspendid[oa]s?"
    ),
    PersonWord.TRANSPORT: (
        "(?:am |pm )?(?:bus|route|stop|pick ?up|drop ?off|bus stop|bus route|bus number|ruta|parada"
        "|wheelchair|harness|car seat|autobus|camion)(?: (?:number|no|time|location|stop|address|point|am"
        "|pm|de autobus|id))*|transportation(?: (?:needs?|code|type))?|transporte"
    ),
    PersonWord.MARK: (
        r"gpa|mark|marks|final grade|letter grade|quiz(?: \w+)?|test(?: \d+| score)?|hw ?\d*"
        r"|homework(?: \d+)?|assignment(?: \d+)?|midterm|final|exam|score|points|calificacion(?:es)?"
        r"|nota(?:s)?|puntaje|comments?|comentarios?|lexile|star(?: \w+)?|iready|i ready(?: \w+)?"
        r"|map(?: \w+)?|ela level|math level|scale score|credits(?: earned)?|creditos|proficiency level"
        "|reading level"
    ),
    PersonWord.EXIT: (
        "(?:sped |program |school )?(?:exit|entry|enrollment|enroll|start|withdrawal|leave|enter|entered"
        "|exited|drop|admission)(?: (?:date|dt|reason|code))|(?:date|reason)(?: of| for)? (?:exit|entry"
        "|leaving)|date (?:entered|enrolled|exited)|fecha de (?:ingreso|salida|entrada|inscripcion)"
        "|reason exited"
    ),
    PersonWord.STATUS: (
        "(?:foster|homeless|migrant|lunch|frl|frpm|frl status|sed|title i|swd|special ed(?:ucation)?|sped"
        "|iep|504|military)(?: (?:status|flag|yn|y n|student|youth|eligible))|lunch|frl|cohort year"
        "|graduation plan|diploma track|plan type"
    ),
}
_PATTERNS = {kind: re.compile(rf"\A(?:{pattern})") for kind, pattern in _HEADERS.items()}
ATTRIBUTES = frozenset(PersonWord) - {
    PersonWord.PERSON,
    PersonWord.NAME,
    PersonWord.FIRST,
    PersonWord.LAST,
    PersonWord.ID,
}
STAFF = frozenset({PersonWord.STAFF, PersonWord.FAMILY, PersonWord.SCHOOL, PersonWord.CONTACT})
"""Columns in which names of others stand."""
STRONG = frozenset(
    {
        PersonWord.STAFF, PersonWord.BIRTH, PersonWord.ROOM, PersonWord.MEETING, PersonWord.CONTACT,
        PersonWord.FAMILY, PersonWord.AGE, PersonWord.TRANSPORT, PersonWord.EXIT, PersonWord.LANGUAGE,
        PersonWord.INCIDENT,
    }
)  # fmt: skip
"""What only a person has: no table of groups is cut by it."""
NOT_A_PERSON = re.compile(
    r"\b(?:unified|unif|elementary|elem|high|middle|union|joint|district|dist|schools?|academy|charter"
    "|county|coe|office|education|selpa|usd|[a-z]{0,4}uhsd|[a-z]{0,4}u[es]sd|esd|hsd|city|preparatory"
    "|prep|college|institute|center|centre|magnet|programs?|region|state|statewide|totals?|subtotal"
    "|average|all|consortium|authority|department|division|agency|lea|primary|intermediate|junior|senior"
    "|secondary|students?|pupils?|rate|percent|number|count|suspensions?|class(?:room)?|regular|separate"
    "|setting|disabilit(?:y|ies)|learners?|races?|groups?|indicators?|target|data|year|report|source|note"
    r"|not|with|without|less|more|than|under|over|graduat\w*|dropout|assessment|achievement|participation"
    r"|english|math\w*|language|arts|absen\w*|chronic|timeline|transition|preschool|placement|universal"
    "|targeted|intensive|level|tier|needs|meets|requirements?|assistance|intervention|determination"
    r"|significant\w*|disproportion\w*|impairment|autism|emotional|speech|intellectual|specific|learning"
    "|health|american|african|asian|hispanic|latino|pacific|islander|native|indian|white|black|filipino"
    "|multiple|juvenile|court|community|continuation|adult|independent|virtual|online|home|hospital"
    "|january|february|march|april|june|july|august|september|october|november|december|escuelas?"
    r"|distrito|condado)\b",
    re.IGNORECASE,
)
_COUNTS_PEOPLE = re.compile(
    r"\b(?:students|pupils|enrollment|headcount|children|swd|count of|number of|n students|estudiantes"
    r"|total students)\b"
)
_GENDERS = {"m", "f", "x", "male", "female", "boy", "girl", "masculino", "femenino", "nonbinary", "nb"}
_DISABILITIES = re.compile(
    "(?:sld|aut|ohi|sli|asd|ed|eb?d|id|hh|vi|oi|tbi|md|db|deaf|hoh|emd|dd|ld|sped|rsp|sdc|(?:210|220|230"
    r"|240|250|260|270|280|281|290|300|310|320)(?: ?\w+)?|autism\w*|specific learning disabilit\w+"
    r"|other health impair\w+|speech (?:or|and|/) ?language impair\w+|emotional disturbance"
    r"|intellectual disabilit\w+|hard of hearing|deafness|visual impair\w+|orthopedic impair\w+"
    r"|multiple disabilit\w+|autismo|dislexia)",
    re.IGNORECASE,
)
_LANGUAGES = re.compile(
    "spanish|vietnamese|tagalog|mandarin|cantonese|armenian|arabic|punjabi|hmong|korean|russian|farsi"
    "|khmer|japanese|espanol|ingles|english|eng|spa|00|01",
    re.IGNORECASE,
)  # fmt: skip
_DATE = re.compile(
    r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|(?:19|20)\d\d-\d\d-\d\d(?:[ T].*)?"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d"
)
_GRADE = re.compile(
    r"(?:grade |gr\.? ?)?(?:tk|k|pk|kn|0?[1-9]|1[0-2])(?:st|nd|rd|th)?(?: grade)?", re.IGNORECASE
)
_PHONE = re.compile(r"\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")
_MAIL = re.compile(r"\A\S[^\s@]*+@\S+\.\w+")
_STREET = re.compile(
    r"\A\d++ \w(?>.*? (?:st|street|ave|avenue|rd|road|dr|drive|ln|lane|way|blvd|ct|court|pl)\b).*+",
    re.IGNORECASE,
)
_TEACHER = re.compile(r"(?:mr|mrs|ms|miss|dr|sr|sra|maestr[oa])\.? .+", re.IGNORECASE)
_MARKS = re.compile(r"[PATEUX]|[ABCDF][+-]?", re.ASCII)


@lru_cache(maxsize=2**14)
def words_of(header: str) -> str:
    """A header in plain lower-case words: camel case apart, no accents, `%` as a word."""
    parted = re.sub(
        r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})", " ", unicodedata.normalize("NFKC", header)
    )
    letters = unicodedata.normalize(
        "NFKD", re.sub(r"['’ʼ´`]", "", parted).casefold().replace("%", " percent ")
    )
    plain = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(re.findall(r"[a-z0-9]+", plain))


@lru_cache(maxsize=2**14)
def kind(header: str) -> PersonWord | None:
    """What a header says of one person; None where it says nothing of the sort."""
    if len(header) > _LONGEST or not any(map(str.isalpha, header)):
        return None
    words = words_of(header)
    if len(words.split()) > _MOST_WORDS:
        return None
    return next((one for one, known in _PATTERNS.items() if known.fullmatch(words)), None)


def counts_people(header: str) -> bool:
    """Whether a header says that its numbers are numbers of people."""
    return _COUNTS_PEOPLE.search(words_of(header)) is not None


@lru_cache(maxsize=2**14)
def kinds_of_value(written: str) -> frozenset[PersonWord]:
    """What a single value may be of a person; grades only where letters or words say so, not bare numbers."""
    found = set()
    low = written.strip().casefold()
    if low in _GENDERS:
        found.add(PersonWord.GENDER)
    if _DISABILITIES.fullmatch(written.strip()):
        found.add(PersonWord.DISABILITY)
    if _LANGUAGES.fullmatch(written.strip()) and not written.isdigit():
        found.add(PersonWord.LANGUAGE)
    if _DATE.fullmatch(written):
        found.add(PersonWord.BIRTH)
    if _GRADE.fullmatch(written):
        found.add(PersonWord.GRADE)
    if _PHONE.fullmatch(written) or _MAIL.fullmatch(written) or _STREET.fullmatch(written):
        found.add(PersonWord.CONTACT)
    if _TEACHER.fullmatch(written):
        found.add(PersonWord.STAFF)
    if _MARKS.fullmatch(written):
        found.add(PersonWord.MARK)
    group = race_names.group(written)
    if len(written) > 2 and group is not None and group is not Group.TOTAL:
        found.add(PersonWord.ETHNICITY)
    return frozenset(found)
