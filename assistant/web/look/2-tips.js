// The preview of a citation, and what a technical word means: on hovering, on focus, on touch.
// It stays while the pointer is on it and goes with Escape (WCAG 2.2, 1.4.13).

const tip = document.createElement("div");
tip.id = "tip";
tip.setAttribute("role", "tooltip");
tip.hidden = true;
tip.append(document.createElement("p"), document.createElement("p"));
let tipped = null;

function showTip(node) {
  if (tipped === node) return;
  hideTip();
  tipped = node;
  const [words, of] = tip.children;
  words.textContent = node.dataset.tip;
  of.textContent = node.dataset.of ?? "";
  words.className = node.matches(".cite") ? "quoted" : "";
  ($("main") ?? document.body).append(tip);
  tip.hidden = false;
  if (node.matches(".cite")) node.setAttribute("aria-describedby", "tip");
  placeTip(node);
}

function placeTip(node) {
  const at = node.getBoundingClientRect();
  const room = document.documentElement.clientWidth;
  tip.style.left = `${Math.max(8, Math.min(at.left, room - tip.offsetWidth - 8))}px`;
  const above = at.top - tip.offsetHeight - 6;
  tip.style.top = `${above > 8 ? above : at.bottom + 6}px`;
}

function hideTip() {
  if (tipped) tipped.removeAttribute("aria-describedby");
  tipped = null;
  tip.hidden = true;
}

for (const kind of ["mousemove", "focusin"]) {
  document.addEventListener(kind, (event) => {
    // When the page moves under a pointer at rest, nobody asked for anything.
    if (kind === "mousemove" && !event.movementX && !event.movementY) return;
    const node = event.target.closest?.("[data-tip]");
    if (node) showTip(node);
    else if (!event.target.closest?.("#tip") && tipped !== document.activeElement) hideTip();
  });
}
document.addEventListener("focusout", hideTip);
// The page may scroll what was just reached by keyboard into view: then its tip follows.
const follow = () => (tipped && tipped === document.activeElement ? placeTip(tipped) : hideTip());
document.addEventListener("scroll", follow, { capture: true, passive: true });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hideTip();
});
