"""How people word what may be dangerous: patterns that `signs` combines and `safety` looks for."""

from __future__ import annotations


def near(one: str, other: str, gap: int = 40) -> str:
    """A pattern for two ideas in either order, with no negation between them."""
    between = rf"(?:(?!\b(?:no|not|never|without|(?!can't)\w+n't)\b).){{0,{gap}}}?"
    return rf"\b(?:{one})\b{between}\b(?:{other})\b|\b(?:{other})\b{between}\b(?:{one})\b"


# Words. Every pattern meets normalised text: lower case, straight apostrophes, and each way of
# saying unable (cannot, couldn't, won't, refuses to) written "can't".
JOINT = r"hips?|groin|knees?|joint|buttock|thighs?|replacement|prosthesis"
LEG = r"legs?|foot|feet|toes?"
HURTS = (
    r"pain\w*|ach(?:es?|ed|ing|y)|hurt\w*|sore|tender\w*|agony|agoni[sz]ing|excruciating|killing|"
    r"throb\w*|wakes|screams?|screaming"
)
SWOLLEN = r"swollen|swell\w*|puffy|bigger"
PILLS = r"tablets?|pills?|capsules?|sachets?"
DRUG = (
    r"\w+(?:profen|coxib|acin|dron(?:ate|ic acid)|arin|xaban|statin|adol|amol|fenac|solone|sone)s?|"
    r"naproxen|aspirin|acetaminophen|colchicine|codeine|co-codamol|morphine|nsaids?|painkillers?|"
    r"anti-?inflammator(?:y|ies)|steroids?|cortisone|sodium thiosulfate|vitamin \w+|calcium|"
    r"magnesium|supplements?|antibiotics?|blood thinners?|fosamax|zometa|nurofen|\w+codone|"
    r"denosumab|methotrexate|bisphosphonates?|medicines?|medications?|meds"
)
RELATIVE = (
    r"(?:grand)?(?:dad(?:dy)?|father|mum(?:my)?|mom(?:my)?|mother|pa|ma|son|daughter)|gran(?:ny)?|"
    r"nan(?:a|na)?|husband|hubby|wife|partner|brother|sister|uncle|aunt(?:ie)?|nephew|niece|baby|"
    r"toddler|little (?:one|boy|girl|lad|lass|man)|neighbou?r|friend"
)

# Ideas that signs are made of, where more than one sign or more than one line needs them.
FEVER = (
    r"(?<!hay )(?<!rheumatic )(?<!mediterranean )\bfever(?:s|ish)?\b|\bfebrile|pyrexi\w+|"
    r"\brigors?\b|\bchills\b|shiver\w*|drenched|cold sweats|spiking|burning up|\b(?:high|a|had|has|"
    r"got|with|running) temp(?:erature)?\b|\btemp(?:erature)?\W+(?:\w+\W+){0,3}?(?:3[89]|4[01]|"
    r"10[0-4])|(?<!')\bt\W{1,3}(?:3[89]|4[01])\b|\b(?:3[89]|4[01])(?:[.,]\d)? ?(?:°|c\b|deg)|"
    r"\b10[0-4](?:[.,]\d)? ?(?:°|degrees)? ?f\b|\b(?:3[89]|4[01])[.,]\d(?! ?(?:kg|%|[cm]m|mg|years|"
    r"per))"
)
HIP_OR_LEG_PAIN = near(JOINT, HURTS)
HOT_SWOLLEN = r"(?:red )?(?:hot|red)\W+(?:and )?swollen|swollen\W+(?:and )?(?:hot|red)"
CANNOT_STAND = (
    r"(?:can't|can (?:hardly|barely)) (?:(?!lose|gain)[\w']+ ){0,4}?(?:walk|stand|step|get up|get "
    r"out of bed|weight|weight.?bear\w*|wb|foot (?:to|on|down)|lift (?:\w+ )?leg)\b|"
    r"\bnon.?weight.?bearing|impossible to (?:walk|stand|put)|weight (?:\w+ ){0,4}impossible|"
    r"(?:stopped|no longer|is not) (?:walking|standing|weight.?bearing)"
)
SUDDEN = (
    r"\bsudden(?:ly)?\b|\bovernight\b|out of (?:nowhere|the blue)|all at once|this morning|"
    r"since (?:yesterday|last night|today)|woke up"
)
LIMP = r"\blimp(?:s|ing|ed)?\b|hobbl\w+"
PRIVATE = (
    r"saddle|between (?:\w+ )?(?:legs|thighs)|bottom|genital\w*|privates?|crotch|down (?:below|"
    r"there)|perine\w+|perianal|anus|back passage|vagina|vulva|penis|testicles|scrotum|wip(?:e|ing)"
)
NO_CONTROL = (
    r"can't (?:\w+ ){0,6}?(?:bladder|bowels?|urine|pee|wee|urinate|pass water)\b|(?:lost|loss of|"
    r"losing|no) (?:(?:control|feeling)\b.{0,20}|(?:my|his|her) )?(?:bladder|bowels?)\b|"
    r"\bwet(?:ting)? (?:my|him|her)self|incontinen\w+|urin\w+ retention|retention of urine|leak\w* "
    r"(?:urine|pee|wee)|soil(?:ed|ing) (?:my|him|her)self"
)
BOTH_LEGS_WEAK = near(r"both (?:\w+ )?legs", r"weak\w*|giving way|paraly[sz]ed|numb")
CHEST = (
    near("chest", rf"tight\w*|pressure|heavy|heaviness|{HURTS}", 20) + r"|breathless\w*|dyspn\w+|"
    r"short(?:ness)? of breath|out of breath|gasping|cough\w* (?:up )?blood|(?:hurts|hard) to "
    r"breathe|enough air|" + near("heart|pulse", "racing|pounding", 15) + r"|"
    r"(?:can't|struggl\w+|hardly|barely|difficult\w*|trouble|fighting) (?:\w+ )?(?:breath\w*|"
    r"(?:for|get|enough) air)|\bsob\b|can't (?:catch|get) (?:\w+ )?breath"
)
_MANY = r"(?:[1-4]\d|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|dozen|lots of|handful of)"
_TOOK = r"\b(?:took|taken|swallowed|drank|drunk)"
_MEDICATION = rf"(?:{PILLS}|{DRUG}|dose)\b(?! (?:injection|shot|infusion|course|cycle))"
OVERDOSE = (
    rf"{_TOOK}(?: [\w']+){{0,4}}? (?:too (?:many|much)\b(?! (?:time|on|part|care))|double dose|"
    rf"overdose|all of them|all (?:of )?(?:my|his|her|the) (?:\w+ )?(?:{PILLS}|{DRUG})|(?:whole|"
    rf"entire|full|a|the) (?:\w+ )?(?:pack\w*|box|bottle|strip|blister|handful) ?(?!of water)|"
    rf"(?:[\w']+ )?worth of)\b|(?:{_TOOK}|\b(?:ate|eaten|had))(?: [\w']+){{0,4}}? (?:too (?:many|"
    rf"much)|double the|\w+ times the|loads? of|more than (?:i should|prescribed)|(?:a|the|whole) "
    rf"(?:pack\w*|box|bottle|strip) of|{_MANY}) (?:x )?(?:(?!m?c?g\b|mls?\b|days|weeks|months|"
    rf"years)[\w-]+ ){{0,3}}?{_MEDICATION}|\b(?:swallowed|ate|eaten) (?:[\w']+ "
    rf"){{0,4}}?{_MEDICATION}|\boverdosed|\btook double the\b"
)
SELF_HARM = (
    r"(?:want\w*|wish\w*|ready) (?:to )?(?:die\b|be dead)|(?:want\w*|wish\w*|ready|going) to end "
    r"(?:it\b|(?:my|his|her) (?:own )?life)|suicidal|(?:kill|hang|shoot)(?:ing)? (?:my|him|"
    r"her)self|(?:rather be|better off|wish \w+ (?:was|were)) dead|better off without me|(?:(?:no|"
    r"any) (?:point|reason|use)|the point) (?:\w+ ){0,2}(?:liv(?:e|ing)|going on)|not worth living|"
    r"nothing to live for|want (?:it|this) all to (?:end|stop|be over)|end(?:ing)? it all|"
    r"(?:rather|to|wish i (?:was|were)) not (?:be(?:ing)? )?alive|(?:hope|wish|rather|prefer)\w* "
    r".{0,20}not wake up|tired of (?:life|living)|can't live (?:like|with) this|don't want to "
    r"(?:live|be here|be alive|exist|wake up|go on|carry on)\b|end(?:ing)? (?:my|his|her) (?:own "
    r")?life|tak(?:e|ing) (?:my|his|her) own life|can't go on (?:like this|any|living)|(?:cutting|"
    r"hurting|harm(?:ing)?) (?:my|him|her)self|(?:of|about|considering|attempt\w*) suicide"
)
DISLOCATED = (
    r"(?:hips?|joint|replacement|prosthesis|ball) (?:(?!x|mri|scan|ct|test|result)\w+ "
    r"){0,3}?(?:popped|came|come|slipped|jumped|went|slid|gone|is) (?:right )?out\b(?! (?:of "
    r"(?:order|hospital)|normal|clear|fine|negative|ok))|(?:has|is|just|have|been|'s|hip|"
    r"replacement|th[ra]) dislocated|out of (?:\w+ )?socket|(?<!after )(?:i|'ve) dislocated (?:my|"
    r"his|her)\b"
)
SHORT, TURNED = (
    r"short(?:er|ened)?",
    r"turn(?:ed|s)|rotated|rolled|twisted|point(?:s|ing|ed)|(?:in|out)wards?",
)
_STOOL = r"stools?|poos?|poop|motions|faeces|feces"
_BLOOD = r"blood\b(?! (?:test|pressure|sample|count|supply|flow|sugar|thinner))"
BLEEDING = (
    rf"{near('black|tar', _STOOL)}|\btarry|mela?ena|\bbloody (?:{_STOOL}|urine|pee|vomit|"
    rf"diarrhoea)|{_BLOOD} in (?:\w+ ){{0,2}}(?:{_STOOL}|urine|pee|vomit|toilet)|(?:pass(?:ed|ing)|"
    rf"poo(?:ing|ed)|pee(?:ing|d)|spitting|spat|vomit\w*|bringing|brought|threw|throw\w*)(?: up)? "
    rf"(?:\w+ )?{_BLOOD}|coffee.grounds|rectal bleed\w*|bleed\w* from (?:\w+ )?(?:back|bottom|"
    rf"rectum)|" + near(r"bleed|bleeding|nosebleeds?", r"can't stop|heavy|heavily|a lot|badly")
)
CALF = r"calf|calves|lower leg|back of (?:\w+ )?(?:leg|knee)"
WOUND = (
    near(
        r"wounds?|incision|scar|stitch\w*|sutures?|staples|surg\w+ (?:cut|site)|dressing",
        r"ooz\w+|pus|weep\w+|leak\w+|discharge|discharging|smell\w*|spread\w*|hot|purulent|"
        r"infected|(?:split|come|came|is|burst|has) open(?:ed)?|burst|gaping|breakdown|dehisc\w+|"
        r"getting (?:bigger|redder)|angry|(?:green|yellow|brown) (?:stuff|fluid|liquid|gunk)",
    )
    + r"|\bpus\b.{0,20}(?:coming|leaking|out)"
)
WEAKNESS = (
    r"foot.?drop|dropped foot|foot (?:\w+ )?(?:flops|dangles)|legs? (?:\w+ )?(?:stopped working|"
    r"gone dead|given way|buckl\w+)|(?:foot|leg) (?:drags|is dragging)|can't (?:lift|raise|move|"
    r"wiggle|pull|feel) (?:\w+ )?(?:foot|toes|leg|ankle)|(?:sudden\w*|new|worsening) (?:\w+ "
    r")?weakness|"
    + near(
        "leg|foot",
        r"(?:suddenly|getting|becom\w+|gone|went|going) (?:\w+ )?(?:weak\w*|paraly[sz]ed)",
    )
)
SKIN_DAMAGE = near(
    r"skin|ulcers?|sores?|patch(?:es)?|plaques?|nodules?|wounds?",
    r"black|purple|necro\w+|painful\w*|hurt\w*|ulcer\w*|mottled|dying",
)
GROWING_LUMP = near(
    r"lump|(?<!muscle )(?<!bone )(?<!body )mass|swelling|growth|nodule|tumou?r|bump",
    r"grow(?:s|ing|n)?|grew|bigger|enlarg\w+|doubl\w+|larger|increas\w+",
)
WEIGHT_LOSS = (
    r"(?:los(?:t|ing|e)|dropp(?:ed|ing)) (?:\w+ ){0,3}?(?:weight|kg|kilos?|\d+ ?kg|pounds|lbs?|"
    r"stones?)\b|weight.?loss|night sweats"
)

# Ideas that need only be mentioned, as the setting of a sign.
FALL = (
    r"\bfell\b|\bfall(?:en|ing)?\b|\bslipped\b(?! (?:capital|upper|femoral|epiph|dis[ck]))|tripped|"
    r"toppled|slid off|landed on|tumbled?\b|stumbled|missed a step|came off|blow to|collapsed|"
    r"knocked (?:down|over)|on (?:the )?floor|accident|crash(?:ed)?\b"
)
SURGERY = (
    r"surg\w+|\bops?\b|\bpost.?op|operat\w+|replac\w+|arthroplast\w+|\bt[hk][ra]s?\b|revision|new "
    r"hip|hip done|hospital|decompression"
)
_AGE = r"\W?(?:y/?o\b|ye?a?rs?[ -]old|months?[ -]old)"
CHILD = (
    r"\btoddler|\bbaby\b|\binfant|\bchild\b|\bkid\b|\bkiddo\b|\bboy\b|\bgirl\b|\b(?:grand)?(?:son|"
    r"daughter)\b|\blittle (?:one|lad|lass|man)\b|"
    rf"\b\d+[ -]months?[ -]old|\b(?:1[0-7]|[1-9]){_AGE}|\baged? (?:1[0-7]|[1-9])\b"
)
ADOLESCENT = rf"\b(?:1[0-6]|[89]){_AGE}|\baged? (?:1[0-6]|[89])\b|\bteen\w*|adolescent"
DIALYSIS = r"dialy\w+|(?:kidney|renal) failure|\bckd\b|\besr[df]\b"
CANCER = (
    r"(?<!be )(?<!be a )(?<!it )(?<!mean )(?:cancer|\bca\b|myeloma|lymphoma|melanoma|metasta\w+|"
    r"sarcoma|leuk\w+)"
)
_BISPHOSPHONATE = (
    r"(?:\w+dron(?:ate|ic)|bisph?osph\w+|diphosphonate|fosamax|zometa|aclasta|reclast|actonel|"
    r"boniva|prolia|denosumab)\b"
)
ON_BISPHOSPHONATE = (
    rf"\b(?:on|of|my|his|her|stop|taking|takes|had|using|started|"
    rf"(?<!should )(?<!can )(?<!could )i take) (?:\w+ ){{0,2}}?{_BISPHOSPHONATE}|"
    rf"{_BISPHOSPHONATE}.{{0,30}}\b(?:years?|yrs?|months|since)\b"
)
RUNNER = (
    r"\brunn(?:er|ing)|\bruns?\b|marathon|\bultra\b|triathl\w+|recruit|jogg\w+|athlete|dancer|"
    r"(?:basic|military) training|mileage|parkrun|cross.country"
)
