// What follows when Python has changed the page, or cannot be reached.

function settled() {
  const error = $("#conversation .error");
  const exchanges = $$("#conversation .exchange");
  const last = exchanges[exchanges.length - 1];
  // Only when something new has come: feedback and menus leave the page where it is.
  const state = `${exchanges.length}${last ? last.className + last.textContent.length : ""}`;
  if (error) error.scrollIntoView({ block: "nearest" });
  else if (last && last.matches(".arriving")) last.scrollIntoView({ block: "start" });
  else if (last && settled.was !== exchanges.length) last.scrollIntoView({ block: "start" });
  settled.was = exchanges.length;
  return state;
}

function openReader(dialog) {
  if (dialog.dataset.nonce === "0" || dialog.dataset.nonce === dialog.dataset.shown) return;
  dialog.dataset.shown = dialog.dataset.nonce;
  if (!dialog.open) dialog.showModal();
  const at = $(".at", dialog) ?? $("h2", dialog);
  if (at) {
    at.scrollIntoView({ block: "center" });
    at.focus({ preventScroll: true });
  }
}

new MutationObserver((changes) => {
  const within = (selector) => changes.some(({ target }) =>
    (target.nodeType === 1 ? target : target.parentElement)?.closest?.(selector));
  if (within("#conversation")) {
    clearTimeout(silent);
    settled();
  }
  if (within("#evidence")) {
    const card = wanted && document.getElementById(wanted);
    if (card) {
      wanted = null;
      reach(card);
    } else if (!wanted) {
      const panel = $("#evidence .panel");
      if (panel && !panel.contains(document.activeElement)) panel.scrollTop = 0;
    }
  }
  $$("dialog.reader").forEach(openReader);
}).observe(document.body, {
  childList: true, subtree: true, characterData: true, attributeFilter: ["data-nonce"],
});

// --- offline ---

let silent = 0;

async function reachable() {
  try {
    return (await fetch("v1/health", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

async function look() {
  const gone = !(await reachable());
  const banner = $("#offline");
  if (banner.hidden === gone) banner.hidden = !gone;
  if (gone) setTimeout(look, 3000);
}

addEventListener("offline", look);
addEventListener("online", look);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target === composer()) waitForAnswer();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("#ask, #examples button")) waitForAnswer();
});

function waitForAnswer() {
  clearTimeout(silent);
  silent = setTimeout(look, 4000); // nothing has changed for so long: is anybody there?
}
