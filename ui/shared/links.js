// Clicks on plain links of the app change the page without a reload, so that the session stays; "Share" copies the
// address. One listener serves the document: this element is mounted
// anew on every page.
const LINK = 'a[href]:not([data-testid])';
const PAGE = /^([a-z]+|\.\/)(\?|$)/;
const SEEN = "cim-about-seen";

const isPlain = (event) =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey && !event.defaultPrevented;

function follow(event) {
  const link = event.target.closest?.(LINK);
  const to = link?.getAttribute("href") ?? "";
  if (!PAGE.test(to)) return;
  event.preventDefault();
  history.pushState(null, "", to);
  window.dispatchEvent(new PopStateEvent("popstate"));  // what Streamlit goes by for Back and Forward
}

// A control that is moved writes every step of its way into the address: one entry of the history for the whole way,
// so that one Back leads to where things were before it.
function keepOneStep() {
  const push = history.pushState.bind(history);
  history.pushState = (state, title, to) => {
    const moving = ["range", "number"].includes(document.activeElement?.type);
    const same = to && new URL(to, location.href).pathname === location.pathname;
    if (moving && same && history.state?.cimMoved) history.replaceState({ ...state, cimMoved: true }, title, to);
    else push(moving ? { ...state, cimMoved: true } : state, title, to);
  };
}

function tell(button, text) {
  const before = button.dataset.said ?? button.textContent;
  button.dataset.said = before;
  button.textContent = text;
  window.__cim.said.textContent = text;
  setTimeout(() => { if (button.isConnected) button.textContent = before; }, 2500);
}

function share(button) {
  const { texts } = window.__cim;
  const byHand = () => window.prompt(texts.copy, location.href);
  if (navigator.clipboard) navigator.clipboard.writeText(location.href).then(() => tell(button, texts.copied), byHand);
  else byHand();
}

// Cards of a meeting fill the screen from the button that starts them on; whoever leaves them has the window back.
function screen(button) {
  if (button.closest(".st-key-meeting_start")) document.documentElement.requestFullscreen?.().catch(() => {});
  else if (button.closest(".st-key-meeting_leave") && document.fullscreenElement) document.exitFullscreen();
}

function clicked(event) {
  const button = event.target.closest?.("button[data-cim]");
  if (button?.dataset.cim === "share") share(button);
  else if (isPlain(event)) follow(event);
  const pressed = event.target.closest?.("button");
  if (pressed) screen(pressed);
}

// What the data are opens by itself until a person has closed it once: a run of the page may draw it anew, closed.
function openAbout(left) {
  const about = document.getElementById("cim-info");
  const kind = about?.dataset.kind;
  const seen = (localStorage.getItem(SEEN) ?? "").split(" ");
  if (seen.includes(kind)) return;
  if (kind && !about.matches(":popover-open")) {
    about.addEventListener("toggle", (event) => {
      if (event.newState === "closed") localStorage.setItem(SEEN, [...seen, kind].join(" ").trim());
    });
    about.showPopover?.();
  }
  if (left) setTimeout(openAbout, 250, left - 1);
}

// Who is not signed in any longer is led to the sign-in by the server: nothing of the page stays on the screen.
async function away() {
  const reply = await fetch(location.pathname).catch(() => null);
  if (reply?.status === 404) location.reload();
}

export default function ({ parentElement, data }) {
  const first = !window.__cim;
  const said = parentElement.querySelector("[role=status]");
  window.__cim = { said, texts: data };
  if (first) {
    keepOneStep();
    new MutationObserver(away).observe(document, { subtree: true, attributeFilter: ["data-test-connection-state"] });
    document.addEventListener("click", clicked, true);
  }
  requestAnimationFrame(() => openAbout(20));
}
