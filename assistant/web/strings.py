"""Every English word of the interface, in one place; the words of an answer are in `rendering`."""

from __future__ import annotations

TITLE = "Dystrophic mineralization of the hip"
ABOUT = "Ask the literature: every sentence of an answer is a quote that you can open."
TABS = {"ask": "Ask", "library": "Library", "evaluation": "Evaluation"}
AS_OF = "Literature as of {year}"
WORKS = "{works:,} works, {passages:,} passages"
ENGINES = {"extractive": "Quotes", "llm": "Language model"}
ENGINE = "Answers composed by"
OFFLINE = (
    "The server cannot be reached. What is on the page stays; a question can be asked again as soon "
    "as it is back."
)

# --- chat ---
CONVERSATION = "Conversation"
QUESTION = "Your question"
PLACEHOLDER = "Ask a question"
ASK, STOP, NEW = "Ask", "Stop", "New conversation"
WELCOME = (
    "Ask a question, or start with one of those below. Words from the corpus are set <span "
    'class="quoted">like this</span>; <em class="lead">words of the assistant</em> are in italics. '
    "A number opens the passage that was quoted; a <dfn>dotted word</dfn> explains itself."
)
EXAMPLES = (
    "What is dystrophic mineralization of the hip?",
    "How does it differ from metastatic calcification?",
    "Which imaging shows it?",
    "When is surgery considered?",
    "Do bisphosphonates help?",
    "Who is at risk of heterotopic ossification after a hip replacement?",
)
EXCHANGE = "Question and answer"
SEARCHED = "Searched for:"
ARRIVING = "Answering …"
STOPPED = "Stopped. What arrived is shown, is not the whole answer and is not kept."
SHOW_NEAREST = "Show the nearest passages"
FAILED = "Something went wrong while answering; the conversation is kept. Please ask again."
NOT_KEPT = "The answer could not be kept in the history: {problem}"
AGAIN, EDIT, COPY, COPIED = "Ask again", "Edit the question", "Copy with references", "Copied"
EDITING = "The last question is being edited; the new answer takes its place."
FOLLOW_UPS = "The corpus also answers"
CITE = "Source {number}{level}: show the passage"
POSITIONS = "Two sides"

# How likely the corpus answers the question: from this probability on, in these words.
SURE = (
    (0.95, "Almost certainly the corpus answers this question"),
    (0.85, "Very likely the corpus answers this question"),
    (0.65, "The corpus probably answers this question"),
    (0.4, "It is open whether the corpus answers this question"),
    (0.0, "The corpus probably does not answer this question"),
)
ALL_BUT, HARDLY = "more than 99", "less than 1"
SURE_NOTE = "{words} (estimated probability {percent} %)."

# --- evidence levels ---
LEVELS_OF_ANSWER = "Evidence levels of this answer"
LEVELS_EXPLAINED = "What the levels mean"
LEVELS_ORDER = (
    "From the strongest to the weakest design; a level says nothing of how well a study was done."
)
LEVELS = {
    "guideline": "What a professional body recommends after weighing the studies.",
    "systematic review": "All studies on one question, searched for and weighed by a fixed method.",
    "randomized trial": "People given one thing or another by chance, then compared.",
    "cohort or registry": "Many people recorded over time: what goes together, not what causes it.",
    "case series or report": "What happened to one person or to a few, with nothing to compare it with.",
    "narrative review": "An overview by experts, from studies that they chose.",
    "laboratory or animal": "Cells, tissue or animals: it may not hold for people.",
    "web page": "A page that does not say how its statements were found.",
    "not graded": "A text whose kind of evidence was not graded.",
}

# --- evidence panel ---
EVIDENCE = "Evidence"
EVIDENCE_HINT = "The passages behind an answer appear here, with their publications."
EVIDENCE_FOR = "For: {question}"
QUOTED = "Quoted"
SOURCE = "Source {number}"
BACK = "Back to the answer"
ALL_PASSAGES = "All {count} passages found"
USED, UNUSED = "quoted", "not quoted"
RANK = "rank {rank} · score {score:.2f} · {used}"
FILTERS = "Filter the passages"
BY_TYPE, BY_LEVEL, SINCE = "Type", "Evidence level", "Since"
ANY = "any"
LEFT = "{count} of {total} passages are shown."
OPEN = "Open the document here"
NEAREST_HINT = "The passages nearest to the question. None of them answers it."

# --- the reader: a whole document ---
CLOSE = "Close"
READER = "Document"
MOVED_ON = "The corpus has changed since this answer was given. This is the passage as it was kept with it:"
GONE = "The document is no longer in the corpus."
PART = "Passages {first:,} to {last:,} of {total:,} are shown."
TOPICS, DESIGN, PARTS_READ = "Topics", "Design", "Read were"
WITHDRAWN = "This publication was retracted or superseded: do not rely on it."

# --- history ---
HISTORY = "Conversations"
HISTORY_SEARCH = "Search the conversations"
HISTORY_EMPTY = "Nothing yet. What you ask is kept here, in this browser's name alone."
HISTORY_NONE_FOUND = "No conversation holds these words."
HISTORY_OFF = "The operator keeps no history: a conversation ends with its page."
HISTORY_BROKEN = "The history cannot be reached at the moment. Answers are given all the same."
TURNS = "{count} question{s}"
RENAME, DELETE, SAVE, CANCEL = "Rename", "Delete", "Save", "Cancel"
NEW_TITLE = "New title"
DELETE_ASKED = "Delete it for good?"
OPENED = "open"

# --- export ---
EXPORT, EXPORT_ALL = "Take away", "Take away the whole conversation"
GONE_FROM_PAGE = (
    "This answer is no longer open on a page of yours. Open its conversation and try again."
)

# --- feedback ---
THUMBS = {"up": "This helped", "down": "Something is wrong with this answer"}
REASONS = "What is wrong?"
REASON_WORDS = {
    "wrong": "It is wrong",
    "not supported": "The quotes do not support it",
    "missing": "Something is missing",
    "unclear": "It is unclear",
    "unsafe": "It is unsafe",
}
COMMENT = "In your words (optional; no names, please)"
SEND = "Send"
THANKS = "Thank you, it was noted."

# --- library ---
LIBRARY_INTRO = "Everything that answers can quote."
LIBRARY_SEARCH = "Words in title, authors, journal or key"
LIBRARY_TOPIC = "Topic"
COLUMNS = {
    "title": "Title",
    "authors": "Authors",
    "year": "Year",
    "level": "Evidence level",
    "type": "Type",
    "basis": "Read",
    "passages": "Passages",
}
LIBRARY_TABLE = "The works of the corpus"
LIBRARY_FOUND = "{total:,} work{s}"
LIBRARY_SHOWN = "{first:,} to {last:,} of {total:,} works"
LIBRARY_NONE = "No work meets these filters."
PREVIOUS, NEXT = "Previous", "Next"
SORTED = {"ascending": "sorted upwards", "descending": "sorted downwards"}
MAP = "Map of the passages"
MAP_INTRO = (
    "A larger disc stands for more passages. Choose one to see its works in the table above."
)
MAP_BY_LEVEL, MAP_BY_YEAR = "By topic and evidence level", "By topic and year"
MAP_CELL = "{passages} passages of {works} works: {topic}, {column}"
NO_YEAR = "year not read"
UPLOAD = "Add a source"
UPLOAD_OFF = (
    "The operator of this service lets nobody add sources. "
    "The operator can allow it with: ASSISTANT_UPLOADS=on"
)
UPLOAD_HINT = (
    "Accepted are {formats}, at most {megabytes} MB. It is read, checked and indexed at once."
)
UPLOAD_FILE = "File"
UPLOAD_FIELDS = {"title": "Title", "authors": "Authors", "year": "Year"}
UPLOAD_FIELDS_HINT = "Only where the file itself does not say it; authors with semicolons between."
UPLOAD_START = "Add it"
UPLOAD_NO_FILE = "Choose a file first."
FAILED_UPLOAD = "Something went wrong; the corpus is as it was. What happened was logged."
UPLOADED = (
    "{name} was added: {count} work{s}. The corpus now has {documents:,} documents and "
    "{passages:,} passages."
)
WORKING = "{stage}: {done:,} of {total:,}"
BEGUN = "Beginning …"

# --- evaluation ---
EVALUATION_INTRO = "How good the answers are, measured on questions with known answers."
EVALUATION_NONE = "There is no report yet. Run the suite to make one."
EVALUATION_RUN = "Run the hip suite"
EVALUATION_HINT = (
    "It asks every case of the suite, which takes a minute or more; answers are slower meanwhile."
)
EVALUATION_BUSY = "A run is under way already; its report will appear here. Look again in a minute."
EVALUATION_FAILED = "The run broke off; what happened was logged."
EVALUATION_OF = "Run {id}, {time}, commit {commit}"
EVALUATION_TOOK = "Answers took {p50} ms (median), {p95} ms (95th percentile)."
EVALUATION_PLOTS = "Plots"
EVALUATION_FIGURES = "Figures"
FIGURE_COLUMNS = ("Figure", "Value", "95 % interval", "Cases")
EVALUATION_WORST = "Worst cases"
EVALUATION_WORST_NOTE = (
    "Locked cases are left out, so that nobody improves answers by looking at them."
)
AS_TABLE = "The numbers as a table"

# --- building the index ---
BUILDING = "Building the index"
BUILDING_NOTE = (
    "Every passage of the corpus is read and embedded. This happens once, and again when the corpus "
    "changes. The page opens by itself when it is done."
)
BUILDING_FAILED = "The index could not be built; the server's own output says why."
