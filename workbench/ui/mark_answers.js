// The two answers that ask something first: which source bears the words out, or why they stay without one.
// What was filled in is kept until the mark is answered: a refused source is not typed twice.
import { make } from "./marks.js";

const typed = new Map(); // mark id and act -> what its fields held
let names = 0;

function field(form, label, kind, value, more = {}) {
  const name = make("label", "", form, label), box = make(kind === "text" ? "textarea" : "input", "", form);
  box.id = `answer-${(names += 1)}`;
  name.htmlFor = box.id;
  if (kind !== "text") box.type = kind;
  Object.assign(box, { value, ...more });
  return box;
}

const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);

// `done(more)` is told what was filled in; `sentence` is what the marked words stand in.
const ASKS = {
  source: (form, mark, sentence, had) => ({
    text: field(form, "The fact", "text", had?.text ?? (sentence || mark.words), { required: true, maxLength: 2000, rows: 3 }),
    source: field(form, "Where it is said", "input", had?.source ?? "", { required: true, maxLength: 500, placeholder: "An address; or hands-on, who, when" }),
    date: field(form, "Looked up on", "date", had?.date ?? today(), { required: true }),
  }),
  keep: (form, mark, sentence, had) => ({
    reason: field(form, "Why the words stay", "text", had?.reason ?? "", { required: true, maxLength: 500, rows: 3, placeholder: "It is exported with the quote." }),
  }),
};
const TITLES = { source: "Add a source", keep: "Keep, with a reason" };
const DOES = { source: "Add to the dossier", keep: "Keep the words" };

export const asksFirst = (act) => act in ASKS;

export function askFirst(parent, act, mark, sentence, done) {
  const key = `${act} ${mark.id}`;
  const box = make("dialog", "asking", parent);
  box.setAttribute("aria-label", TITLES[act]);
  make("h2", "", box, TITLES[act]);
  make("p", "about", box, mark.reason);
  const form = make("form", "", box);
  const fields = ASKS[act](form, mark, sentence, typed.get(key));
  const row = make("div", "row", form);
  make("button", "do", row, DOES[act]).type = "submit";
  const cancel = make("button", "answer", row, "Cancel");
  cancel.type = "button";
  cancel.onclick = () => box.close();
  const values = () => Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, each.value.trim()]));
  form.onsubmit = (event) => {
    event.preventDefault();
    const filled = values();
    const empty = Object.keys(fields).find((name) => !filled[name]);
    if (empty) { fields[empty].value = ""; fields[empty].reportValidity(); return; }
    done(filled);
    box.close();
  };
  // No key of the room's or the grid's means anything in here.
  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });
  box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
  box.addEventListener("close", () => { typed.set(key, values()); box.remove(); });
  box.showModal();
  (fields.source || fields.reason).focus();
}
