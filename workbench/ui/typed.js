// What is typed in a box and not saved: a copy in the browser, put back when the box is drawn anew on a page that
// knows nothing of it. Streamlit sends what is typed only when its box is left.
import { make } from "./marks.js";

const name = (place) => `workbench.typed.${place}`;
const field = (place) => document.querySelector(`.st-key-${CSS.escape(place)} :is(textarea, input)`);
const setters = new Map(["HTMLTextAreaElement", "HTMLInputElement"].map((kind) => [kind, Object.getOwnPropertyDescriptor(window[kind].prototype, "value").set]));
const same = (one, other) => one.trim() === other.trim();
const PATIENCE = 3000; // ms to wait for a box that is being drawn

function read(place) {
  try { return JSON.parse(localStorage.getItem(name(place))); } catch { return null; }
}

// No room, or none allowed: the box itself still holds it.
function keep(place, what) {
  try { if (what) localStorage.setItem(name(place), JSON.stringify(what)); else localStorage.removeItem(name(place)); } catch { /* see above */ }
}

const shown = new Set(); // every element of this kind on the page
let heard = 0; // how many of the places whose words were taken in or thrown away have been forgotten

function forget(places) {
  if (places.length < heard) heard = 0; // a new session
  for (const place of places.slice(heard)) {
    keep(place, null);
    for (const one of shown) one.line(place)?.remove();
  }
  heard = places.length;
}

class Typed {
  constructor(root) {
    this.root = root;
    this.boxes = {}; // place -> what is stored of it
    shown.add(this);
    this.onInput = ({ target }) => this.typed(target);
    document.addEventListener("input", this.onInput, true);
  }

  draw(boxes) {
    const before = this.boxes;
    this.boxes = boxes;
    for (const [place, stored] of Object.entries(boxes)) {
      const kept = read(place);
      if (kept && same(kept.text, stored)) { keep(place, null); this.line(place)?.remove(); }
      else if (kept && !(place in before)) this.comeBack(place, kept, performance.now() + PATIENCE);
    }
  }

  typed(node) {
    const place = Object.keys(this.boxes).find((one) => node === field(one));
    if (!place) return;
    const stored = this.boxes[place];
    const offered = this.line(place)?.kept; // typed over before it was answered: both stay
    if (offered && !same(offered.text, node.value)) keep(`${place}.before`, offered);
    keep(place, same(node.value, stored) ? null : { text: node.value, stored, at: Date.now() });
  }

  comeBack(place, kept, until) {
    const node = field(place);
    if (!node) { if (performance.now() < until) setTimeout(() => this.root.isConnected && this.comeBack(place, kept, until), 100); return; }
    if (same(node.value, kept.text)) return;
    const untouched = same(node.value, this.boxes[place]) && same(kept.stored, this.boxes[place]);
    if (untouched) this.put(node, kept.text);
    this.tell(place, kept, untouched);
  }

  put(node, text) {
    setters.get(node.constructor.name).call(node, text); // past React, which then hears of it as of a key
    node.dispatchEvent(new Event("input", { bubbles: true }));
    node.dispatchEvent(new FocusEvent("focusout", { bubbles: true })); // as if it had been left: Python hears of it
  }

  tell(place, kept, isBack) {
    const node = field(place), line = make("div", "line", this.root);
    Object.assign(line, { place, kept });
    const what = node.getAttribute("aria-label") || "this box";
    const when = new Date(kept.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    make("span", "", line, isBack ? `Put back what was typed on ${when} and not saved (${what}).` : `Typed on ${when} and not saved; what is stored has changed since (${what}).`).setAttribute("role", "status");
    const act = (label, does) => {
      const button = make("button", "", line, label);
      button.type = "button";
      button.onclick = () => { does(); line.remove(); };
    };
    if (!isBack) act("Put it back", () => this.put(field(place), kept.text));
    act("Throw it away", () => { if (isBack) this.put(field(place), this.boxes[place]); keep(place, null); });
    if (isBack) act("Keep it", () => {});
  }

  line(place) { return [...this.root.children].find((one) => one.place === place); }

  gone() { shown.delete(this); document.removeEventListener("input", this.onInput, true); }
}

const all = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".typed");
  let typed = all.get(root);
  if (!typed) all.set(root, (typed = new Typed(root)));
  const replaced = JSON.parse(data.replaced);
  if (replaced) forget(replaced);
  typed.draw(JSON.parse(data.boxes));
  return () => { typed.gone(); all.delete(root); };
}
