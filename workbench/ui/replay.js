// One replay while it streams: how far it is, and its text. Model text only ever becomes text nodes.
import { LIVE, hub } from "./live_hub.js";

class Replay {
  constructor(root) {
    this.root = root;
    this.state = root.appendChild(document.createElement("p"));
    this.prose = root.appendChild(document.createElement("p"));
    this.id = null;
  }

  draw(data, rerun) {
    this.rerun = rerun;
    if (this.id === data.draft) return;
    this.gone();
    this.id = data.draft;
    hub.attach(this, data);
    this.paint(hub.seen(this.id) || { state: "queued", words: 0, sentences: [], waiting: null });
  }

  paint({ state, words, sentences, waiting }) {
    this.state.textContent = waiting ? `${waiting[1]} Trying again.` : LIVE.has(state) ? `${state}, ${words} words` : state;
    this.prose.textContent = sentences.map((one) => one.text).join(" ");
  }

  offline() { this.state.textContent = "Connecting again…"; }
  gone() { if (this.id) hub.detach(this); this.id = null; }
}

const replays = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".replay");
  let replay = replays.get(root);
  if (!replay) replays.set(root, (replay = new Replay(root)));
  replay.draw(data, () => setTriggerValue("ended", Date.now()));
  return () => { replay.gone(); replays.delete(root); };
}
