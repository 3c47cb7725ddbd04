"""The wording by which a text speaks to a model instead of its reader: orders, borrowed roles, closing markers.

Every pattern is linear on text whose blanks are single, and names its object: “ignore rules per file” and “the verdict”
are ordinary copy. Sources of the wordings: the injections published against readers and assistants, and our own prompt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

Kind = Literal["order", "other_tool", "marker", "image", "encoded", "hidden", "lookalike"]
"""`order`: speaks to the model; `other_tool`: about another tool than its own; `marker`: imitates the prompt or a role;
`image`: would be fetched; `encoded`: text in base64; `hidden`: nobody sees it; `lookalike`: letters pass for others."""

_ENGLISH = re.compile(
    r"""
    \b(?:ignore|disregard|forget|override)\s+(?:(?:all|any|every|everything|the|of|your|my|these|those|other)\s+){0,4}
      (?:(?:previous|prior|above|earlier|preceding|foregoing)\s+(?:system\s+)?
         (?:instructions?|prompts?|rules|guidelines|directions|directives)\b
        |(?<=all\s)instructions?\b|(?<=any\s)instructions?\b|(?<=your\s)(?:system\s+prompt|instructions?|guidelines)\b
        |above\b(?=\s*(?:[.,;:!]|and\b|\Z))|(?<=everything\s)(?:before|so\s+far|you\s+(?:were|have\s+been))\b)
    |(?:\A|(?<=[.!?:;,“"'(\n])|\bnow(?:\s+on)?\b)\s*\byou\s+are\s+(?:now\s+)?(?:the|an?|our)\s+
      (?:(?:senior|chief|ai|helpful|new)\s+)?(?:editor|reviewer|judge|critic|assistant|language\s+model|chatbot)\b
    |\bapprove\s+(?:all|every|each)\s+(?:(?:of|the|these|four)\s+)*(?:drafts?|quotes?|verdicts?|personas?)\b
    |(?:\A|(?<=[.!?:;,“"'\n])|\b(?:and|please|must|should)\b)\s*\bapprove\s+(?:all|everything|it|them\s+all)\s*(?:[.!;]|\Z)
    |\bverdict["'”]?\s*(?::|=|\bis\b|\bmust\s+be\b|\bshould\s+be\b|\bto\b)\s*["'“]?(?:ship|skip)\b
    |\b(?:an?|the|your)\s+["'“]?(?:ship|skip)["'”]?\s+verdict\b
    |\b(?:answer|respond|reply)\s+(?:only\s+)?with\s+(?:only\s+)?["'“`]?(?:ship|skip)\b
    |\b(?:note|message|memo|attention|hint)\s+(?:to|for)\s+(?:the\s+|any\s+)?
      (?:ais?|llms?|(?:language\s+)?models?|ai\s+\w+|reviewers?|editors?)\s*[:,]
    |\b(?:reveal|repeat|leak|print)\s+(?:me\s+)?your\s+(?:system\s+prompt|(?:hidden|initial)\s+instructions)\b
    |\b(?:include|insert|embed|append|put|add|end)\b[^\n]{0,60}https?://[^\n]{0,80}\b(?:in|to|into|with|of)\s+
      (?:your|the|every|each)\s+(?:reviews?|quotes?|drafts?|answers?|repl(?:y|ies))\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Orders about the review. Each needs its object: “ignore rules per file” and “the verdict” are ordinary copy."""
_MORE_ENGLISH = re.compile(
    r"""
    (?:\A|(?<=[.!?:;\n]))\s?(?:please\s)?(?:write|say|state|conclude|claim)\s(?:that\s|only\s|the\s(?:words?|phrase|sentence)\s)
    |\b(?:repeat|include|quote)\s(?:verbatim\s)?(?:the\sfollowing|this|these)\s(?:sentences?|words|phrases?)\b
    |\b(?:do\snot|don['’]t|never)\s(?:mention|cite|reveal|disclose)\s(?:any\s|the\s|its\s)?(?:limits?|limitations?|drawbacks?
      |weaknesse?s?|rivals?|competitors?|facts?\b|prices?\b|this\s(?:note|instruction|message))
    |\byour\s(?:new|real|actual)\s(?:task|job|role|instructions?|goal)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_STARTS = r"(?:\A|(?<=[.!?:;,\n“\"'(])|\b(?:and|then|please|must|should|now)\b)\s?"
_TONGUES = r"(?:German|French|Spanish|Italian|Chinese|Russian|Japanese|English|Dutch|Polish|Arabic|Latin|verse|emojis?)"
_ROLES = r"(?:ai|ai\sassistant|assistant|ai\smodel|language\smodel|llm|large\slanguage\smodel|reviewer|critic|chatbot)"
_TAKEN_OVER = re.compile(
    rf"""
    \b(?:from\snow\son|henceforth|starting\snow)\b,?\s(?:you\s)?(?:(?:must|will|should|are\sto|only|always|never)\s){{0,2}}
      (?:answer|repl(?:y|ies)|respond|write|speak|say|act|behave|call|treat|ignore|praise|rate|judge|pretend)\b
    |{_STARTS}(?:only\s)?(?:answer|reply|respond|write)\s(?:(?:only|exclusively|always|everything)\s)?in\s{_TONGUES}\b
    |{_STARTS}(?:ignore|disregard|forget|override)\s(?:all|any|every|your|these|those)\s(?:(?:of\s)?(?:the|your)\s)?
      (?:rules|guidelines|constraints|restrictions|safeguards)\b(?=\s*(?:[.,;:!]|\Z|\n|and\b|above\b|you\b|so\sfar\b))
    |\b(?:write|draft|make|phrase|give)\s(?:the|your|this|every|each|a)\s(?:reviews?|quotes?|drafts?|scorecards?)\b[^.\n]{{0,60}}?\b
      (?:as|with|an?)\s(?:an?\s|the\s)?["“'‘]?(?:ship|skip|positive|negative|glowing|favou?rable|perfect)\b
    |\bas\san?\s{_ROLES}\b,?\s(?:you|it)\s(?:must|should|will|may|can|are|shall)\b
    |\byou\s(?:must|should|will|may|shall|are\sto|are\snot\sallowed\sto)\s(?:(?:not|never|only|always)\s)?
      (?:critici[sz]e|praise|endorse|flatter|disparage)\b
    |{_STARTS}(?:praise|endorse|flatter)\s(?:this|it|the\s(?:tool|product|vendor))\b
    |\b(?:say|write|mention|state|report)\s(?:only|nothing\sbut)\s(?:positive|good|nice|favou?rable)\s(?:things|words|points)\b
    |{_STARTS}(?:never|do\snot|don['’]t)\scritici[sz]e\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Orders that take the writer over: its language, its role, its praise."""
_PRAISE = re.compile(
    r"""
    (?:请|你必须|您必须|务必|一定要|必须)[^。\n]{0,24}?(?:好评|赞扬|表扬|推荐|称赞|夸奖|夸赞|五星|正面评价)
    |(?:不要|不得|不准|禁止|别)[^。\n]{0,8}?(?:批评|提及缺点|负面)|只(?:写|说|提)优点
    |(?:褒め|称賛し|高く評価し)て(?:ください|下さい)|批判しない(?:で|こと)
    |\b(?:lobe|loben\sSie|preise|bewerte|bewerten\sSie)\s(?-i:[a-zäöüß]+\s){0,3}?[^.\n]{0,40}?\b(?:Werkzeug|Produkt|Tool|positiv|Bestnote
      |Tönen|begeistert|uneingeschränkt|Software)\b
    |\bkritisier(?:e|en\sSie)\b[^.\n]{0,30}?\bnicht\b|\berwähne(?:n\sSie)?\s(?:keine|niemals)\s\w+
    |\bschreibe(?:n\sSie)?\s(?:nur|ausschließlich)\s(?:Positives|Gutes|Lob|positiv)\w*
    |\b(?:faites|fais)\sl['’]éloge\b|\b(?:louez|vantez|encensez)\s(?:le|la|les|cet|ce|cette|l['’])
    |\bne\s(?:le\s|la\s|les\s)?(?:critique[zs]?|mentionne[zs]?)\s(?:pas|jamais|aucune?)\b
    |\brecommande[zs]?(?:-le|-la)?\s(?:vivement|sans\sréserve)\b|\bdonne[zs]?(?:-lui)?\s(?:la\smeilleure\snote|la\snote\smaximale|un\savis\spositif)\b
    |\b(?:elogia|alaba|alabe)\s(?:la|el|esta|este)\b|\bno\scritiques?\b|\brecomi[eé]nd[ae]\w*\ssin\sreservas\b
    |\b(?:elogia|loda)\s(?:lo|il|questo)\b|\bnon\scriticare\b
    |\b(?:похвали|хвали|расхвали)(?:те)?\b|\bне\sкритикуй(?:те)?\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Orders to praise, in other languages."""

_LANGUAGES: tuple[tuple[str, str], ...] = (
    (r"ignorieren?|vergiss|vergessen\sSie|missachten?", r"Anweisung(?:en)?|Vorgaben|Instruktionen"),
    (r"ignore[zr]?|oublie[zr]?", r"(?:les|tes|vos|ces)\s(?:instructions|consignes)"),
    (r"ignora|ignore|olvida|olvide", r"(?:las|tus|sus|estas)\s(?:instrucciones|indicaciones)"),
    (r"ignora(?:te)?|dimentica(?:te)?", r"(?:le|tue|vostre|queste)\s(?:istruzioni|indicazioni)"),
    (r"ignore|ignora|esqueça|esquece", r"(?:as|suas|tuas|estas)\s(?:instruções|orientações)"),
    (r"negeer|vergeet", r"instructies|aanwijzingen"),
    (r"zignoruj|ignoruj|zapomnij", r"instrukcj\w+|polece\w+"),
    (r"(?:про)?игнорируй(?:те)?|забудь(?:те)?|і?гноруй(?:те)?", r"инструкци\w+|указани\w+|інструкці\w+|вказівк\w+"),
    (r"yok\ssay\w*|unut\w*|görmezden\sgel\w*", r"talimat\w*|yönerge\w*"),
)
"""Imperatives of “ignore” and words for “instructions”; one pair each for languages that put blanks between words."""
_UNSPACED: tuple[tuple[str, str], ...] = (
    ("忽略|无视|無視|忘记|忘掉|忽視", "指令|指示|说明|說明|提示"),
    ("無視|忘れ", "指示|命令|プロンプト"),
    ("무시|잊어", "지시|명령|지침|프롬프트"),
    ("تجاهل|انس", "التعليمات|الأوامر"),
    ("अनदेखा|अनदेखी|भूल", "निर्देश|आदेश"),
)
_VERDICT = (
    "Urteil|veredicto|verdetto|veredito|verdict|oordeel|werdykt|вердикт|вирок|判定|结论|結論|評価|评价|판정|평결|"
    "antworte|réponds|répondez|responde|rispondi|responda|ответь|відповідай|回答|回复|答えて|대답"
)


def _near(one: str, other: str, edge: str) -> str:
    """Both in a sentence, in either order: languages differ in where they put the verb."""
    first, second = rf"{edge}(?:{one}){edge}", rf"{edge}(?:{other}){edge}"
    return rf"{first}[^.。]{{0,40}}?{second}|{second}[^.。]{{0,40}}?{first}"


_ELSEWHERE = re.compile(
    "|".join(
        (
            *(_near(verbs, nouns, r"\b") for verbs, nouns in _LANGUAGES),
            *(_near(verbs, nouns, "") for verbs, nouns in _UNSPACED),
            rf"(?:{_VERDICT})[^.\n。]{{0,24}}?(?<![A-Za-z])(?:ship|skip)(?![A-Za-z])",
        )
    ),
    re.IGNORECASE,
)

_SUBJECT = r"(?:tool|product|side|candidate|entry|review|card|vendor|draft)(?:['’]s)?\b"
_OTHER = rf"(?:other|rival|competing|opposing|second)\s{_SUBJECT}"
_OTHER_TOOL = re.compile(
    rf"""
    (?:\A|(?<=[.!?:;,\n])|\b(?:and|then|please|must|should)\b)\s?
      (?:give|rate|score|mark|call|judge|grade|say|state|write|claim|mention|tell|conclude|warn|describe)\b
      [^.\n]{{0,60}}?\b{_OTHER}
    |\b(?:for|in|about|against)\s(?:the\s|any\s|every\s)?{_OTHER}[^.\n]{{0,40}}?\b(?:skip|write|say|answer|verdict)\b
    |\b(?:rate|score|judge|give|declare|call)\s(?-i:[A-Z])[^.\n]{{0,40}}?\s(?:as\s|an?\s)["“'‘]?(?:skip|ship)\b
    |\bwhen\syou\s(?:review|judge|compare|draft)\s(?:the\s|any\s)?(?:other|another|rival|competing)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)

_ROLE = r"(?:system|assistant|user|human|developer)(?:\s(?:message|prompt|note))?"
_MARKER = re.compile(
    rf"""
    (?:<|&lt;?|&\#0{{0,4}}60;?|&\#x0{{0,4}}3c;?|\\u003c)/?\s?(?:dossier|system\b|assistant\b|human\b|note\b|instructions?\b)[\w-]*\s?>?
    |<\|\w{{1,20}}\|>|\[/?INST\]|<</?SYS>>|^\#{{1,6}}\s?Lens\s`
    |^\#{{1,6}}\s?(?:system|new\sinstructions?|assistant)\b
    |^{_ROLE}\s?:[^\n]{{0,80}}?\b(?:you\s(?:are|must|will|should)|your\s(?:task|job|role|rules?)|ignore|disregard|verdict|ship|skip
      |from\snow|answer\swith|understood|of\scourse)\b
    |["']role["']\s?:\s?["']{_ROLE}["']
    |(?:^|[-=*\#\[<]{{2}}\s?)(?:end|begin(?:ning)?)\s(?:of\s)?(?:the\s)?(?:new\s)?(?:dossier|material|untrusted|input|system|prompt
      |instructions)\b
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_IMAGE = re.compile(r"!\[[^\]\n]{0,200}\]\(\s?<?(?:https?:)?//|<img\b[^>]{0,200}\bsrc\s?=", re.IGNORECASE)

WORDINGS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("order", _ENGLISH),
    ("order", _MORE_ENGLISH),
    ("order", _TAKEN_OVER),
    ("order", _PRAISE),
    ("order", _ELSEWHERE),
    ("other_tool", _OTHER_TOOL),
    ("marker", _MARKER),
    ("image", _IMAGE),
)
"""What to look for, in text whose blanks are single and whose letters are what they seem."""
SAYS: Mapping[Kind, tuple[str, str]] = {
    "order": ("speaks to the model", "it is kept as material and decides nothing"),
    "other_tool": ("gives orders about another tool", "it is kept as material and decides nothing"),
    "marker": ("imitates the prompt's own markers", "it is kept as material and decides nothing"),
    "image": ("holds a remote image", "it is kept as text and never fetched"),
    "encoded": ("holds text in base64", "it is kept as it is and never decoded for a model"),
    "hidden": ("hides characters", "they are not in the working copy"),
    "lookalike": ("mixes alphabets in", "check that it is the tool's own spelling"),
}
"""What a field does, and what follows from it, in an editor's words."""
