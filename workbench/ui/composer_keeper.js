// What is typed in a composer, on its way to the workspace. It outlives the element that is typed in: what a page
// switch, a lost connection or a dead server held up is sent later, and a copy in the browser stays until it has arrived.
import { hub } from "./live_hub.js";

const WAIT = 400, AT_MOST = 1000; // ms from a change to its keep; from the first of several
const keepers = new Map(); // place -> keeper, as long as it is on the screen or has something to send
const plain = (pieces) => JSON.stringify((pieces || []).map((one) => [one.text, one.beat, one.draft_id, one.place, one.source || ""]));

// What is laid ready beside the quote, and stays in the browser: pasted texts, own words another sentence took the
// place of, and what stands in the box that is pasted into.
const ASIDE = { pasted: [], own: [], pasting: "" };

const holds = ({ pasted, own, pasting }) => Boolean(pasted.length || own.length || pasting);

export class Keeper {
  static of(place) { return keepers.get(place) || new Keeper(place); }

  constructor(place) {
    this.place = place;
    this.pieces = null; // what was typed last; null: nothing since the element was drawn
    this.revision = 0;
    this.dirty = false; // not sent
    this.flying = false; // sent and not answered
    this.sent = []; // all that was sent since the last answer: the workspace may have it
    this.view = null;
    this.name = `workbench.composer.${place}`;
  }

  // The freshest there is: what has not arrived yet, else what Python gave.
  open(view, data) {
    this.view = view;
    this.about = { tool: data.tool, persona: data.persona };
    let pieces = JSON.parse(data.pieces), aside = ASIDE, unsent = null;
    if (keepers.get(this.place) === this) { pieces = this.pieces; aside = this.aside; }
    else {
      this.revision = data.revision;
      const local = this.stored();
      aside = { ...ASIDE, ...local?.aside };
      if (local?.dirty && plain(local.pieces) !== plain(pieces)) {
        if (local.revision === data.revision || local.sent?.includes(plain(JSON.parse(data.pieces)))) pieces = local.pieces;
        else unsent = local.pieces; // somebody kept something else meanwhile: it is offered as a source
        this.dirty = !unsent;
        this.sent = (this.dirty && local.sent) || [];
      } else if (!holds(aside)) this.store(null);
    }
    this.pieces = pieces;
    this.aside = aside;
    keepers.set(this.place, this);
    hub.join(this, data);
    if (this.dirty) this.soon();
    return { pieces, aside, unsent };
  }

  // `saved`: as far as the page knows it is the quote now, and what lay beside it has served.
  close(saved) {
    this.view = null;
    if (saved) this.aside = ASIDE;
    this.remember();
    this.flush();
    this.rest();
  }

  change(pieces, aside) {
    const same = plain(pieces) === plain(this.pieces);
    this.pieces = pieces;
    this.aside = aside;
    if (!same) { this.dirty = true; this.since ??= performance.now(); }
    this.remember();
    if (!same) this.soon();
  }

  soon() {
    clearTimeout(this.timer);
    const left = Math.max(0, AT_MOST - (performance.now() - (this.since ?? performance.now())));
    this.timer = setTimeout(() => this.flush(), Math.min(WAIT, left));
  }

  flush() {
    clearTimeout(this.timer);
    if (!this.dirty || this.flying || this.blocked) return;
    if (!hub.send({ keep: { ...this.about, pieces: this.pieces, revision: this.revision } })) return this.view?.unsent("Not saved yet: connecting again…");
    this.flying = true;
    const sent = plain(this.pieces);
    if (this.sent.at(-1) !== sent) this.sent.push(sent);
    this.dirty = false;
    this.since = null;
    this.remember();
  }

  heard({ kept }) {
    if (!kept || kept.tool !== this.about.tool || kept.persona !== this.about.persona) return;
    const theirs = kept.theirs && plain(kept.theirs.pieces), mine = this.sent.includes(theirs); // an answer was lost on the way
    const sent = this.flying ? this.sent.at(-1) : null;
    this.flying = false;
    if (kept.error && !mine) {
      this.dirty = sent !== null || this.dirty;
      this.blocked = Boolean(kept.theirs);
      this.remember();
      if (kept.theirs === null) { this.revision = 0; return this.soon(); }
      return this.view?.refused(kept.error, kept.theirs);
    }
    this.revision = mine ? kept.theirs.revision : kept.revision;
    this.sent = [];
    if (mine && theirs !== sent) this.dirty = true; // what was sent after it was refused for it
    if (kept.marks && sent) this.view?.checked(kept.marks, JSON.parse(sent).map(([text]) => text));
    if (this.dirty) this.soon();
    else this.view?.arrived();
    this.remember();
    this.rest();
  }

  // The editor has seen what somebody else kept and goes on.
  insist(theirs) {
    this.revision = theirs.revision;
    this.blocked = false;
    this.dirty = true;
    this.flush();
  }

  online() {
    if (this.flying) { this.flying = false; this.dirty = true; }
    this.flush();
  }

  offline() {
    if (this.pending) this.view?.unsent("Not saved yet: connecting again…");
  }

  get pending() { return this.dirty || this.flying; }

  rest() {
    if (this.view || (this.pending && !this.blocked)) return;
    keepers.delete(this.place);
    hub.leave(this);
  }

  remember() {
    if (!this.pending && !holds(this.aside)) return this.store(null);
    this.store({ pieces: this.pieces, aside: this.aside, revision: this.revision, dirty: this.pending, sent: this.sent });
  }

  stored() {
    try { return JSON.parse(localStorage.getItem(this.name)); } catch { return null; }
  }

  store(value) {
    try { value ? localStorage.setItem(this.name, JSON.stringify(value)) : localStorage.removeItem(this.name); } catch { /* no room, or not allowed: the workspace has it soon */ }
  }
}

addEventListener("pagehide", () => { for (const one of keepers.values()) one.flush(); });
addEventListener("visibilitychange", () => { for (const one of keepers.values()) one.flush(); });
