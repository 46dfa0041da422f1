// Runs once, as js_on_load of the masthead: Gradio hands in `element` and `trigger`.
// Buttons inside HTML say with `data-do` what they want; `trigger` takes it to Python. The events:
// "suggest" "again" "stop" "edit" "rate" "evidence" "read" "open" "rename" "delete"
// "find" "work" "addition"

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const place = (node) => Number((node.closest("[data-exchange]")?.dataset.exchange
  ?? node.closest(".exchange").id).slice(1));
const touch = () => matchMedia("(pointer: coarse)").matches;
const composer = () => $("#question textarea");

let origin = null; // the citation that led into the evidence
let wanted = null; // the card to show once its evidence has come
let nonce = 0;

function reach(target) {
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
  $$(".reached").forEach((it) => it.classList.remove("reached"));
  if (target.matches(".card")) target.classList.add("reached");
  target.scrollIntoView({ block: "nearest" });
  target.focus({ preventScroll: true });
}

function cite(button) {
  origin = button;
  const card = document.getElementById(button.dataset.card);
  if (card) return reach(card);
  wanted = button.dataset.card; // an older answer: its evidence is fetched first
  trigger("evidence", { exchange: place(button) });
}

function back(button) {
  const exchange = document.getElementById(button.dataset.exchange);
  const target = origin && origin.isConnected ? origin : exchange;
  if (target) reach(target);
}

function nearest(button) {
  origin = button;
  const related = document.getElementById(`e${place(button)}-related`);
  if (related) return reach(related);
  wanted = `e${place(button)}-related`;
  trigger("evidence", { exchange: place(button) });
}

async function copy(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https the browser offers no clipboard but this old way.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  const words = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = words; }, 1500);
}

function thumb(button, which) {
  const form = $(".reasons", button.closest(".actions"));
  if (which === "up") {
    form.hidden = true;
    trigger("rate", { exchange: place(button), thumb: "up" });
  } else {
    form.hidden = !form.hidden;
    if (!form.hidden) $("input", form).focus();
  }
}

// --- conversations ---

function swap(button, selector) {
  const item = button.closest("li");
  $$(".renaming, .deleting", item).forEach((it) => { it.hidden = !it.matches(selector); });
  const field = $(`${selector} input, ${selector} button`, item);
  if (field) field.focus();
  if (field && field.select) field.select();
}

function cancel(button) {
  const item = button.closest("li");
  const opener = button.closest(".renaming") ? "renaming" : "deleting";
  swap(button, ".none");
  $(`[data-do=${opener}]`, item).focus();
}

// On a narrow screen the list of conversations is folded away.
function drawer(open) {
  document.body.classList.toggle("drawer", open);
  $("#masthead .drawer").setAttribute("aria-expanded", open);
}

// --- the library ---

const table = { sort: "title", descending: false, offset: 0, until: "" };

function find(changes = {}) {
  Object.assign(table, { offset: 0 }, changes);
  const form = new FormData($("#library-filters form"));
  trigger("find", { ...table, ...Object.fromEntries(form) });
}

function sort(button) {
  const column = button.dataset.column;
  find({ sort: column, descending: table.sort === column && !table.descending });
}

function cell(button) {
  const form = $("#library-filters form");
  const [since = "", until = ""] = (button.dataset.years ?? "").split("–");
  form.reset();
  form.elements.topic.value = button.dataset.topic;
  form.elements.level.value = button.dataset.level ?? "";
  if (since) form.elements.since.value = since;
  find({ until });
  $("#library-filters").scrollIntoView({ block: "start" });
}

async function add(form) {
  const file = form.elements.file.files[0];
  const fields = Object.fromEntries(new FormData(form));
  const button = $("button", form);
  button.disabled = true;
  try {
    const { path } = await upload(file);
    trigger("addition", { ...fields, file: undefined, path, name: file.name });
    form.reset();
  } catch (problem) {
    trigger("addition", { path: "", name: file.name });
  } finally {
    button.disabled = false;
  }
}

// --- what every button does ---

const does = {
  cite,
  back,
  nearest,
  copy,
  sort,
  cell,
  cancel,
  stop: () => trigger("stop", {}),
  again: () => trigger("again", {}),
  edit: () => { trigger("edit", {}); composer().focus(); },
  suggest: (button) => trigger("suggest", { question: button.textContent }),
  "thumb-up": (button) => thumb(button, "up"),
  "thumb-down": (button) => thumb(button, "down"),
  read: (button) => trigger("read", {
    exchange: place(button),
    passage: button.dataset.passage,
    places: button.dataset.places,
    nonce: ++nonce,
  }),
  close: (button) => button.closest("dialog").close(),
  open: (button) => { trigger("open", { id: button.closest("li").dataset.id }); drawer(false); },
  drawer: () => drawer(!document.body.classList.contains("drawer")),
  renaming: (button) => swap(button, ".renaming"),
  deleting: (button) => swap(button, ".deleting"),
  delete: (button) => trigger("delete", { id: button.closest("li").dataset.id }),
  page: (button) => find({ offset: Number(button.dataset.offset) }),
  work: (button) => trigger("work", { id: button.dataset.id, nonce: ++nonce }),
};

document.addEventListener("click", (event) => {
  const menu = event.target.closest(".menu");
  $$(".menu[open]").forEach((it) => { if (it !== menu) it.open = false; });
  const button = event.target.closest("[data-do]");
  if (button) {
    does[button.dataset.do](button);
    return;
  }
  // On a touch screen the focus would raise the keyboard over the answer.
  if (!touch() && event.target.closest("#examples button, #composer button")) composer().focus();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const fields = Object.fromEntries(new FormData(form));
  event.preventDefault();
  if (form.matches(".reasons")) {
    trigger("rate", { exchange: place(form), thumb: "down", ...fields });
    form.hidden = true;
    $("[data-do=thumb-down]", form.closest(".actions")).focus();
  } else if (form.matches(".renaming")) {
    trigger("rename", { id: form.closest("li").dataset.id, title: fields.title });
    cancel($("[data-do=cancel]", form));
  } else if (form.matches(".upload")) {
    add(form);
  } else if (form.closest("#library-filters")) {
    find();
  }
});

let typing = 0;
document.addEventListener("input", (event) => {
  if (event.target.closest("#library-filters")) {
    clearTimeout(typing);
    typing = setTimeout(find, event.target.matches("[type=search]") ? 200 : 0, { until: "" });
  } else if (event.target.closest(".found .filters")) {
    filter(event.target.closest(".found"));
  }
});

function filter(found) {
  const { type, level, since } = Object.fromEntries(new FormData($("form", found)));
  const items = $$("li", found);
  for (const item of items) {
    const of = item.dataset;
    item.hidden = !((!type || of.type === type) && (!level || of.level === level)
      && (!since || Number(of.year) >= Number(since)));
  }
  const told = $(".left", found);
  const left = items.filter((item) => !item.hidden).length;
  told.textContent = told.dataset.words.replace("{count}", left).replace("{total}", items.length);
}

document.addEventListener("keydown", (event) => {
  const disc = event.target.closest(".disc");
  if (event.key === "Escape") {
    const menu = event.target.closest(".menu[open]");
    if (menu) {
      menu.open = false;
      $("summary", menu).focus();
    } else if (event.target === composer() && $(".arriving")) {
      trigger("stop", {});
    } else if (event.target.closest(".card, .related, .found") && origin && origin.isConnected) {
      reach(origin);
    }
  } else if (disc && event.key.startsWith("Arrow")) {
    event.preventDefault();
    walk(disc, event.key);
  }
});

// Gradio's tabs take Enter alone; the arrow keys belong to a list of tabs, too.
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (!tab || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  const tabs = $$("[role=tab]", tab.parentElement);
  const step = event.key === "ArrowRight" ? 1 : -1;
  const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
  next.focus();
  next.click();
});

function walk(disc, key) {
  const forward = key === "ArrowRight" || key === "ArrowDown";
  const across = key === "ArrowLeft" || key === "ArrowRight";
  const column = disc.closest("td").cellIndex;
  const discs = $$(".disc", disc.closest("table")).filter((it) =>
    across ? it.closest("tr") === disc.closest("tr") : it.closest("td").cellIndex === column);
  const next = discs[discs.indexOf(disc) + (forward ? 1 : -1)];
  if (!next) return;
  disc.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
