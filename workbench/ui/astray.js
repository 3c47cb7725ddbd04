// Typing that has lost its field. A redraw may take a text field away under the hands of whoever types in it, and the
// words that still come would be keys: of the room, of the grid, of the button that has the focus now. They are none,
// until there was a click, Tab or Escape, or a moment without any, for which no field is on its way.
const QUIET = 2000; // ms
const NO_TEXT = ["checkbox", "radio", "button", "submit", "range", "file", "color"];

let field = null; // where the last key was typed, unless it was the key to leave by
let words = ""; // what was typed since the field went
let last = 0; // when the last key without a field came; 0: keys are keys
let awaited = 0; // when whoever makes the field anew will have given up
let told = null; // the room's, while there is one: hears of every such key

export function isField(node) {
  if (!(node instanceof Element) || node.readOnly) return false;
  return node.matches("textarea, [contenteditable=true], [role=textbox]") || (node.matches("input") && !NO_TEXT.includes(node.type));
}

const leaves = ({ key, ctrlKey, metaKey }, node) => ["Escape", "Tab"].includes(key) || (key === "Enter" && (ctrlKey || metaKey || node.matches("input")));

function forget() { field = null; words = ""; last = 0; }

function hear(event) {
  const node = event.composedPath()[0], now = event.timeStamp; // however late a busy page hears of it
  if (isField(node)) {
    forget();
    if (!leaves(event, node)) field = node;
    return;
  }
  if (["Tab", "Escape"].includes(event.key)) return forget();
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // However long ago its field went: who pauses while typing goes on typing.
  // While no room is drawn, or its field is on its way, one may also think.
  if (last ? told && now - last > QUIET && now > awaited : !field) return forget();
  last = now;
  if (event.key.length === 1) words += event.key;
  else if (event.key === "Backspace") words = words.slice(0, -1);
  if (told) swallow(event);
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  told?.();
}

addEventListener("keydown", hear, true); // before anybody else
addEventListener("keyup", (event) => { if (last && told && [" ", "Enter"].includes(event.key)) swallow(event); }, true); // presses a button
addEventListener("pointerdown", forget, true);

export const astray = {
  tell(to) { told = to; },
  untell(to) { if (told === to) told = null; },
  // The field is being made anew, which may take this long.
  await(ms) { awaited = performance.now() + ms; },
  // The field that went, and the words that missed it: whoever asks puts them where they belong.
  taken() {
    awaited = 0;
    const found = field && !field.isConnected ? { field, words } : null;
    if (found) forget();
    return found;
  },
};
