// Runs once, as js_on_load of the conversation: Gradio hands in `element` and `watch`.
// Citations lead to cards and back, the newest question is brought into view, and after a button
// the box has the focus again.

let origin = null;

function reach(target) {
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
  document.querySelectorAll(".reached").forEach((it) => it.classList.remove("reached"));
  if (target.matches(".card")) target.classList.add("reached");
  target.scrollIntoView({ block: "nearest" });
  target.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#e"]');
  if (link) {
    // Left to the browser, the fragment would reload the page, whose base address has no query.
    event.preventDefault();
    const back = link.matches(".back") && origin && origin.isConnected;
    const target = back ? origin : document.getElementById(link.hash.slice(1));
    if (link.matches(".cite")) origin = link;
    if (target) reach(target);
    return;
  }
  // On a touch screen the focus would raise the keyboard over the answer.
  const touch = matchMedia("(pointer: coarse)").matches;
  if (!touch && event.target.closest("#examples button, #composer button")) {
    document.querySelector("#question textarea").focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest(".card") && origin && origin.isConnected) {
    reach(origin);
  }
});

watch("value", () => {
  const exchanges = element.querySelectorAll(".exchange");
  const last = exchanges.length ? exchanges[exchanges.length - 1] : null;
  const error = element.querySelector(".error");
  if (error) {
    error.scrollIntoView({ block: "nearest" });
  } else if (last) {
    // Again with every sentence: a short beginning cannot be scrolled to the top yet.
    last.scrollIntoView({ block: "start" });
    document.querySelector("#evidence .panel").scrollTop = 0;
  }
});
