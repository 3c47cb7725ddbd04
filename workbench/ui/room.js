// The room's rail and keys: which cell has the focus, where the next undecided one is, and what a key does to it.
// Python draws the cells; this script only finds them by their keys, and asks for acts by one trigger.
import { endedAs, focusConflict, focusDraft, label } from "./live_pane.js";
import { asks } from "./asks.js";
import { astray } from "./astray.js";
import { stepMarks } from "./mark_list.js";
import { make } from "./marks.js";

function describe(box, says, example = "") {
  box.placeholder = example || says;
  box.setAttribute("aria-label", says);
}

function field(parent, says, example = "") {
  const box = make("input", "", parent);
  box.type = "text";
  box.maxLength = 500;
  describe(box, says, example);
  return box;
}

// What is typed stays until it is sent, however the dialog is closed.
function kept(box, about) {
  const key = `workbench.note.${about}`;
  const put = (text) => { try { text ? sessionStorage.setItem(key, text) : sessionStorage.removeItem(key); } catch { /* no room, or not allowed */ } };
  try { box.value = sessionStorage.getItem(key) || ""; } catch { /* not allowed */ }
  box.addEventListener("input", () => put(box.value));
  box.sent = () => put("");
  return box;
}

const NAMES = { ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", ",": "comma", ".": "full stop" };
const called = (key) => NAMES[key] || (key.length === 1 ? key.toUpperCase() : key);
const place = (name) => document.querySelector(`.st-key-cell-${CSS.escape(name)}`);
const slot = (name, side) => document.querySelector(`.st-key-slot-${CSS.escape(name)}-${side}`);
const gridOf = (name) => [...(place(name)?.querySelectorAll("*") || [])].map((one) => one.shadowRoot?.querySelector(".composer")).find(Boolean);

const streams = (pane) => pane.live && !endedAs(pane.draft);
const whole = (pane) => (pane.live ? endedAs(pane.draft) === "done" : pane.acceptable);

const OTHER = "other"; // the reason to reject that is none of those named
const ASKING = { reject: "reject", again: "note" }; // buttons by their keys' beginnings, and the act each is the button of
let opened = 0; // the last click that was heard by Python, since this script was still on its way, and has been answered
const LATE = 600; // ms in which what a redraw replaces is drawn again, where there is no draft to wait for
const PATIENCE = 5000; // ms to wait for a cell that is being drawn
const REOPENS = 30000; // ms to wait for the grid of a session that has begun anew, on a server that has, too
let shown = 0; // the last opening of a history that its reader was taken to
let before = null; // what Python said last of its session and of the grid that is open: a new session knows of none

class Room {
  constructor(root) {
    this.root = root;
    root.textContent = "";
    this.rail = make("div", "rail", root);
    this.foot = make("div", "foot", root);
    this.hint = make("span", "hint", this.foot);
    this.said = make("span", "said", this.foot);
    this.said.setAttribute("role", "status");
    this.sheet = this.dialog("Keys of the draft room");
    this.reasons = this.dialog("Why will it not do?");
    this.note = this.dialog("Another take, with a note");
    this.active = null;
    this.side = 0;
    this.held = null; // what has the focus in a cell
    this.missed = 0; // since when it is gone
    this.wanted = 0; // until when the active cell is still to be reached; 0: it was
    this.arriving = false; // by its address, on a page that is still being drawn: a motion would end where the cell no longer is
    this.high = new ResizeObserver(() => this.tellHeight());
    this.high.observe(root);
    // The cells come after the rail, and are made anew by some redraws.
    this.arrivals = new MutationObserver(() => { this.due ||= requestAnimationFrame(() => this.settle()); });
    this.arrivals.observe(document.body, { childList: true, subtree: true });
    this.onKey = (event) => this.key(event);
    this.onFocus = (event) => this.follow(event);
    this.onPoint = () => { this.held = null; }; // a click beside everything means to be nowhere
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("focusin", this.onFocus);
    document.addEventListener("pointerdown", this.onPoint, true);
    this.onClick = (event) => this.click(event);
    document.addEventListener("click", this.onClick, true); // before Streamlit hears of it
    this.onAstray = () => this.tell("Your typing was not taken as keys.");
    astray.tell(this.onAstray);
  }

  close() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("focusin", this.onFocus);
    document.removeEventListener("pointerdown", this.onPoint, true);
    document.removeEventListener("click", this.onClick, true);
    astray.untell(this.onAstray);
    this.high.disconnect();
    this.arrivals.disconnect();
    cancelAnimationFrame(this.due);
    clearTimeout(this.later);
    asks.rest();
  }

  tellHeight() { document.documentElement.style.setProperty("--rail-height", `${this.root.offsetHeight}px`); }

  draw(data, send) {
    this.room = JSON.parse(data.room);
    const lost = asks.heard(this.room.heard, this.room.session, send);
    const before = this.cells?.find((one) => one.place === this.active);
    this.cells = this.room.cells;
    this.byKey = new Map(this.room.keys.filter((group) => !group.grid).flatMap((group) => group.keys.flatMap((one) => one.keys.map((key) => [key, one.act]))));
    if (!this.cells.some((one) => one.place === this.active)) this.active = this.room.start;
    if (!before && this.room.asked) { this.wanted = performance.now() + PATIENCE; this.arriving = true; } // the address names a cell: its reader is taken there
    for (const one of document.querySelectorAll("[data-busy]")) one.removeAttribute("data-busy");
    this.paintRail();
    this.tellHeight(); // before anybody is brought to a cell below it
    this.settle();
    if (this.asked) { if (!asks.waitingFor(this.asked.place)) this.answer(); }
    else if (before && before.place === this.active && before.meaning !== this.here.meaning) this.stands(this.here);
    const { act, draft, number } = this.room.asking;
    if (act && number !== opened) this.askFirst(act, (pane) => pane.draft === draft);
    opened = number ?? opened;
    this.again();
    if (lost.length) this.tell("The workspace was started anew. Look whether your last key was heard, and press it again if not.");
  }

  // Which grid is open only the session knows. Where another one has begun, the grid is asked for once more.
  again() {
    const { session, grid } = this.room, had = before && before.session !== session && !grid.place ? before.grid : {};
    before = { session, grid };
    const one = this.cell(had.place);
    if (!one) return;
    [this.active, this.wanted] = [one.place, 0];
    this.mark();
    if (!one.shown) asks.ask({ act: "show", place: one.place, tool: one.tool });
    asks.ask({ act: "compose_again", ...had });
    const until = performance.now() + REOPENS, old = gridOf(one.place);
    astray.await(REOPENS);
    const enter = () => {
      const now = gridOf(one.place);
      if (now !== old && !old?.isConnected && now?.querySelector(".line textarea")) this.goOn(one.place, now);
      else if (performance.now() < until) setTimeout(enter, 50);
    };
    enter();
  }

  // The words go on where they were typed, those included that came while there was no grid.
  goOn(name, grid) {
    const lost = astray.taken();
    const row = lost?.field.closest(".line");
    const line = grid.querySelectorAll(".line")[row ? [...row.parentNode.querySelectorAll(".line")].indexOf(row) : 0];
    if (!row || !line) return document.activeElement === document.body || place(name).contains(document.activeElement) ? grid.querySelector(".line").focus() : undefined;
    const texts = line.querySelectorAll("textarea"), text = texts[Math.min(texts.length - 1, [...row.querySelectorAll("textarea")].indexOf(lost.field))];
    const [start, end] = [lost.field.selectionStart, lost.field.selectionEnd];
    if (text.value.trim() === lost.field.value.trim()) text.value = lost.field.value; // but for a blank that one types on from
    text.focus();
    text.setRangeText(lost.words, Math.min(start, text.value.length), Math.min(end, text.value.length), "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    return this.tell("The workspace was started anew: the beat grid is open again.");
  }

  settle() {
    this.due = 0;
    this.mark();
    if (this.wanted && this.here?.shown && !asks.waitsTo("show")) this.reach();
    else this.hold();
    this.showHistory();
  }

  // A redraw makes panes and buttons anew, and whoever was at one stays where they were.
  hold() {
    if (!this.held || document.activeElement !== document.body || (this.held.isConnected && !this.held.matches(":disabled"))) return;
    clearTimeout(this.later);
    const box = place(this.active);
    if (!box) { this.missed = 0; return; } // it is drawn yet, or never
    this.missed ||= performance.now();
    const draft = !this.held.shadowRoot?.querySelector(".composer") && this.pane?.draft; // a grid sees to it itself
    const late = performance.now() - this.missed > (draft ? PATIENCE : LATE);
    const there = (draft && focusDraft(draft)) || (late && this.focusButton(box));
    if (there || late) this.missed = 0;
    else this.later = setTimeout(() => this.settle(), 50);
  }

  // The history stands below what is decided, mostly below the fold: whoever asked for it is taken there.
  showHistory() {
    const { place: name, number, count } = this.room.history, one = this.cell(name);
    const panel = one && document.querySelector(`.st-key-history-${CSS.escape(name)}`);
    if (!number || number === shown || (one && !panel)) return;
    shown = number;
    if (!panel) return;
    panel.tabIndex = -1;
    label(panel, `History of ${one.label}`);
    panel.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
    this.tell(`History of ${one.label}: ${count} ${count === 1 ? "decision" : "decisions"}`);
  }

  // Esc within the history puts it away.
  leaveHistory(event) {
    const name = event.key === "Escape" && this.room.history.place;
    if (!name || !document.querySelector(`.st-key-history-${CSS.escape(name)}`)?.contains(event.target)) return false;
    this.active = name;
    this.closeHistory();
    return true;
  }

  closeHistory() {
    if (!this.pane?.draft || !focusDraft(this.pane.draft)) this.focusButton(place(this.active));
    slot(this.active, this.pane?.side)?.scrollIntoView({ block: "nearest" });
    this.tell(`History of ${this.here.label} closed`);
    this.ask("history");
  }

  cell(name) { return this.cells.find((one) => one.place === name); }
  get here() { return this.cell(this.active); }
  get pane() { return this.here?.panes[Math.min(this.side, this.here.panes.length - 1)]; }

  paintRail() {
    const had = this.root.getRootNode().activeElement?.dataset?.place;
    this.rail.textContent = "";
    for (const tool of this.room.tools) {
      const own = this.cells.filter((one) => one.tool === tool.id);
      const row = make("div", "row", this.rail);
      row.setAttribute("role", "group");
      row.setAttribute("aria-label", tool.name);
      make("b", tool.shown ? "shown" : "", row, tool.name).title = tool.name;
      const chips = make("span", "chips", row);
      for (const one of own) {
        const chip = make("button", `chip ${one.state}`, chips);
        chip.type = "button";
        chip.dataset.place = one.place;
        chip.style.setProperty("--lens", one.color);
        make("i", "", chip, one.glyph).setAttribute("aria-hidden", "true");
        make("span", "", chip, one.label);
        make("em", one.verdict || "none", chip).dataset.says = one.verdict || (["accepted", "edited"].includes(one.state) ? "?" : "–"); // the name below says it, too
        chip.title = `${one.label}: ${one.meaning}`;
        chip.setAttribute("aria-label", `${one.label} of ${tool.name}: ${one.meaning}`);
        chip.onclick = () => this.go(one.place);
      }
      const decided = own.filter((one) => one.decided).length;
      make("span", "count", row, `${decided}/${own.length}`).title = `${decided} of ${own.length} cells have a quote and a verdict`;
    }
    if (had) this.rail.querySelector(`[data-place="${CSS.escape(had)}"]`)?.focus();
    const open = this.cells.filter((one) => !one.decided).length;
    this.hint.textContent = open ? `${open} to decide · U next · F marks · 1 2 accept · B beats · S D verdict · H all keys` : "All decided · H all keys";
  }

  mark() {
    const active = [place(this.active), this.pane && slot(this.active, this.pane.side)].filter(Boolean);
    for (const one of document.querySelectorAll("[data-active]")) if (!active.includes(one)) one.removeAttribute("data-active");
    for (const one of active) one.setAttribute("data-active", "");
    for (const one of this.cells) label(place(one.place), `${one.label} of ${this.room.tools.find((each) => each.id === one.tool).name}`);
    for (const chip of this.rail.querySelectorAll("button")) {
      if (chip.dataset.place === this.active) chip.setAttribute("aria-current", "true");
      else chip.removeAttribute("aria-current");
    }
  }

  // Wherever the reader clicks or tabs to is the cell that keys act on.
  follow(event) {
    const one = this.cell(this.standsIn(event.target));
    this.held = one ? event.target : null;
    if (!one) return;
    this.wanted = 0; // the reader is somewhere already
    const side = one.panes.findIndex((pane) => slot(one.place, pane.side)?.contains(event.target));
    if (one.place === this.active && (side < 0 || side === this.side)) return;
    this.active = one.place;
    if (side >= 0) this.side = side;
    this.mark();
  }

  // A pane's buttons that ask something first open what their keys open.
  click(event) {
    const box = event.target.closest?.("button")?.closest(Object.keys(ASKING).map((one) => `[class*=' st-key-${one}-']`).join());
    const isOf = (act) => (pane) => pane.draft && box.classList.contains(`st-key-${act}-${pane.draft}`);
    if (box && Object.keys(ASKING).some((act) => this.askFirst(act, isOf(act)))) event.stopPropagation();
  }

  // Opens what an act asks of the pane first; whether there is such a pane.
  askFirst(act, isThis) {
    for (const one of this.cells) {
      const side = one.panes.findIndex(isThis);
      if (side < 0) continue;
      [this.active, this.side] = [one.place, side];
      this.mark();
      this.does(ASKING[act]);
      return true;
    }
    return false;
  }

  go(name, side = 0) {
    const one = this.cell(name);
    if (!one) return;
    this.active = name;
    this.side = Math.min(side, Math.max(0, one.panes.length - 1));
    this.wanted = performance.now() + PATIENCE;
    this.mark();
    this.tell(`${one.label}, ${one.meaning}`, true);
    if (one.shown && !asks.waitsTo("show")) this.reach(); // what is shown is about to be another tool
    else this.ask("show", { tool: one.tool });
  }

  // Bring the active cell into view and the focus into its pane, as soon as both are there.
  reach() {
    clearTimeout(this.later);
    const box = place(this.active), draft = this.pane?.draft;
    const there = box && (draft ? focusDraft(draft) : this.focusButton(box));
    if (box && (there || performance.now() > this.wanted)) {
      this.wanted = 0;
      const still = this.arriving || matchMedia("(prefers-reduced-motion: reduce)").matches;
      box.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
      this.arriving = false;
    } else if (performance.now() < this.wanted) this.later = setTimeout(() => this.reach(), 50);
  }

  // What became of an act is said once the cell has another decision, or was drawn without one.
  answer() {
    const one = this.cell(this.asked.place);
    if (one && (one.version !== this.asked.version || one.meaning !== this.asked.meaning)) this.stands(one, this.asked.says);
    else this.tell("");
    this.asked = null;
  }

  stands(one, says = "") { this.tell(`${one.label}: ${says}${one.meaning}${one.undo ? " · Z undoes" : ""}`); }

  focusButton(box) {
    const first = box.querySelector("button:not([disabled])");
    first?.focus({ preventScroll: true });
    return Boolean(first);
  }

  step(by) {
    const at = this.cells.findIndex((one) => one.place === this.active);
    this.go(this.cells[Math.max(0, Math.min(this.cells.length - 1, at + by))].place, this.side);
  }

  nextWhere(holds, nothing) {
    const at = this.cells.findIndex((one) => one.place === this.active);
    const order = [...this.cells.slice(at + 1), ...this.cells.slice(0, at + 1)];
    const found = order.find(holds);
    if (found) this.go(found.place);
    else this.tell(nothing);
    return found;
  }

  // The focus goes to the mark, and the keys with it; which one of its kind it is, is said.
  stepMark(by) {
    if (!stepMarks(by)) return this.tell("Nothing that is shown here is marked.");
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const entry = at?.closest(".entry"), one = this.cell(this.standsIn(document.activeElement));
    if (!entry || !one) return undefined;
    const kind = [...entry.classList].find((each) => !["entry", "current"].includes(each));
    const same = [...entry.parentNode.children].filter((each) => each.classList.contains(kind));
    return this.tell(`${one.label}, ${kind} ${same.indexOf(entry) + 1} of ${same.length}`);
  }

  standsIn(node) {
    const box = node?.closest?.("[class*='st-key-cell-']");
    return box && this.cells.find((each) => place(each.place) === box)?.place;
  }

  tell(text, quiet = false) {
    this.said.textContent = text;
    this.said.classList.toggle("quiet", quiet);
  }

  ask(act, more = {}) {
    const one = this.here;
    if (!one) return;
    slot(one.place, more.side)?.setAttribute("data-busy", "");
    const says = act === "reject" ? `${this.pane.label} rejected, ` : "";
    if (!["show", "history"].includes(act)) this.asked = { place: one.place, version: one.version, meaning: one.meaning, says };
    asks.ask({ act, place: one.place, ...more });
  }

  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!this.root.isConnected) return this.close();
    if (this.leaveHistory(event)) return event.preventDefault();
    const act = this.byKey.get(event.key) || this.byKey.get(event.key.toLowerCase());
    if (!act || belongsElsewhere(event, act)) return;
    event.preventDefault();
    if (act === "mark") this.stepMark(event.shiftKey ? -1 : 1);
    else if (!event.repeat || ["next", "previous"].includes(act)) this.does(act);
  }

  does(act) {
    const one = this.here, pane = this.pane;
    switch (act) {
      case "next": return this.step(1);
      case "previous": return this.step(-1);
      case "undecided": return !one.decided && !place(one.place)?.contains(document.activeElement) ? this.go(one.place) : this.nextWhere((each) => !each.decided, "Every cell is decided.");
      case "side_before": return this.go(this.active, this.side - 1 < 0 ? 0 : this.side - 1);
      case "side_after": return this.go(this.active, this.side + 1);
      case "tool": return this.otherTool();
      case "help": return this.help();
      case "accept_1": return this.accept(0);
      case "accept_2": return this.accept(1);
      case "ship": case "skip": return this.verdict(act);
      case "why": return this.why();
      case "undo": return one.undo || asks.waitingFor(one.place) ? (this.tell(`Undoing ${one.undo || "it"} …`), this.ask("undo")) : this.tell("Nothing to undo here.");
      case "compose": return this.ask("compose");
      case "history": return this.room.history.place === one.place ? this.closeHistory() : this.ask("history");
      default: break;
    }
    if (!pane?.draft) return this.tell("Nothing is drafted here yet.");
    switch (act) {
      case "edit": return this.ask("compose", { draft: pane.draft, side: pane.side });
      case "stop": return streams(pane) ? this.ask("stop", { draft: pane.draft, side: pane.side }) : this.tell(`${pane.label} has ended.`);
      case "take_before": case "take_after": return this.ask(act, { side: pane.side });
      case "again": return streams(pane) ? this.tell(`${pane.label} is still streaming: T stops it.`) : this.ask("again", { draft: pane.draft, side: pane.side });
      case "note": return streams(pane) ? this.tell(`${pane.label} is still streaming.`) : this.askNote(pane);
      case "reject": return streams(pane) ? this.tell(`${pane.label} is still streaming.`) : this.askReason(pane);
      default: return undefined;
    }
  }

  accept(at) {
    const pane = this.here.panes[at];
    if (!pane?.draft) return this.tell("Nothing is drafted there yet.");
    if (streams(pane)) return this.tell(`${pane.label} is still streaming.`);
    if (this.here.guarded) return this.tell("An edited quote stands here: “Accept instead” in the pane replaces it.");
    if (!whole(pane)) return this.tell(`${pane.label} is not whole: E opens it in the beat grid.`);
    this.side = at;
    this.mark();
    focusDraft(pane.draft);
    if (pane.stands && !asks.waitingFor(this.active)) return this.tell(`${pane.label} already stands here.`);
    if (pane.conflicts) {
      focusConflict(pane.draft);
      return this.tell(`${pane.label} waits: the dossier says otherwise. Add a source, reword, or keep it with a reason.`);
    }
    this.tell(`Accepting ${pane.label} …`);
    return this.ask("accept", { draft: pane.draft, side: pane.side });
  }

  verdict(verdict) {
    if (!this.here.judgeable) return this.tell("Nothing to give a verdict on yet: draft it, or write the quote by hand.");
    if (this.here.verdict === verdict && !asks.waitingFor(this.active)) return this.tell(`${this.here.label}: already ${verdict}.`);
    this.tell(`Verdict ${verdict} …`);
    this.ask("verdict", { verdict });
  }

  // How sure, and why: Streamlit's popover, opened where it has room.
  why() {
    const button = place(this.active)?.querySelector("[class*='st-key-because-'] button");
    if (!button) return this.tell("Sign a verdict first: S or D.");
    button.scrollIntoView({ block: "center" });
    button.click();
    const until = performance.now() + 3 * PATIENCE; // what is in it comes with a redraw
    const enter = () => {
      const first = document.querySelector("[data-testid=stPopoverBody] [role=radio]");
      if (first) first.focus();
      else if (performance.now() < until) setTimeout(enter, 50);
    };
    return enter();
  }

  otherTool() {
    const here = this.here;
    const there = this.cells.find((one) => one.tool !== here.tool && one.persona === here.persona);
    return there ? this.go(there.place, this.side) : this.tell("There is one tool on the desk.");
  }

  // --- dialogs: the browser's own, which hold the focus and close with Esc

  dialog(title) {
    const box = make("dialog", "", this.root);
    box.setAttribute("aria-label", title);
    make("h2", "", box, title);
    const body = make("div", "body", box);
    box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
    const closer = make("button", "closer", box, "Close"); // a finger has no Esc; last, so that the body's first has the focus
    closer.type = "button";
    closer.onclick = () => box.close();
    // The browser gives the focus back; where there was none, the keys' own pane has it.
    box.addEventListener("close", () => { if (document.activeElement === document.body && this.pane?.draft) focusDraft(this.pane.draft); });
    return { box, body };
  }

  help() {
    this.sheet.body.textContent = "";
    for (const group of this.room.keys) {
      const list = make("dl", "", this.sheet.body);
      make("dt", "group", list, group.name);
      for (const one of group.keys) {
        const keys = make("dt", "", list);
        for (const key of one.keys) make("kbd", "", keys, called(key));
        make("dd", "", list, one.says);
      }
    }
    make("p", "", this.sheet.body, "While you type, no key does anything else.");
    this.sheet.box.onkeydown = (event) => { if (["h", "?"].includes(event.key)) this.sheet.box.close(); };
    this.sheet.box.showModal();
  }

  askReason(pane) {
    const { box, body } = this.reasons;
    body.textContent = "";
    const codes = Object.entries(this.room.reasons), buttons = new Map();
    const reject = (code) => {
      box.close();
      this.tell(`Rejecting ${pane.label} …`);
      this.ask("reject", { draft: pane.draft, side: pane.side, reason: code, note: note.value });
      note.sent();
    };
    // “Other” says nothing by itself: its note is asked for, and Enter there rejects.
    const chosen = (code) => {
      if (code !== OTHER) return reject(code);
      buttons.get(OTHER).setAttribute("aria-pressed", "true");
      describe(note, "Note: what is it?", "What is it? Enter rejects");
      note.required = true;
      return note.focus();
    };
    codes.forEach(([code, says], at) => {
      const button = make("button", "choice", body);
      button.type = "button";
      make("kbd", "", button, String(at + 1));
      make("span", "", button, says);
      button.onclick = () => chosen(code);
      buttons.set(code, button);
    });
    const note = kept(field(body, "Note (optional)", "Note (optional), then Enter and a reason"), `reject ${pane.draft}`);
    box.onkeydown = (event) => {
      if (event.target === note && event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        if (!note.required) buttons.values().next().value.focus();
        else if (note.value.trim()) reject(OTHER);
        else note.reportValidity();
      }
      const found = event.target !== note && codes[Number(event.key) - 1];
      if (found) { event.preventDefault(); chosen(found[0]); }
    };
    box.showModal();
  }

  askNote(pane) {
    this.note.body.textContent = "";
    make("p", "", this.note.body, `What should ${pane.label} do differently? With a note it goes on from this draft, so it costs little.`);
    const form = make("form", "", this.note.body);
    const box = kept(field(form, "What should it do differently? (optional)", "more concrete on price"), `again ${pane.draft}`);
    make("button", "primary", form, "Ask for another take").type = "submit";
    form.onsubmit = (event) => {
      event.preventDefault();
      this.note.box.close();
      this.tell(`Asking ${pane.label} for another take …`);
      this.ask("again", { draft: pane.draft, side: pane.side, note: box.value });
      box.sent();
    };
    this.note.box.showModal();
    box.focus();
  }
}

// Keys that a text field, a dialog, a menu or a group of radio buttons needs for itself.
// The beat grid's rows, which have keys of their own, leave the sheet to the room.
function belongsElsewhere(event, act) {
  const arrows = event.key.startsWith("Arrow");
  return event.composedPath().some((node) => {
    if (!(node instanceof Element)) return false;
    if (node.matches("textarea, select, [contenteditable=true], [role=textbox], [role=combobox], [role=dialog], [role=listbox], [role=menu], dialog, [data-baseweb=popover]")) return true;
    if (act !== "help" && node.matches("[data-own-keys]")) return true;
    if (node.matches("input") && !["checkbox", "radio", "button"].includes(node.type)) return true;
    return arrows && node.matches("[role=radiogroup], [role=tablist], [role=slider], input[type=radio]");
  });
}

const rooms = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".room");
  let room = rooms.get(root);
  if (!room) rooms.set(root, (room = new Room(root)));
  room.draw(data, (asked) => setTriggerValue("asked", asked));
  return () => { room.close(); rooms.delete(root); };
}
