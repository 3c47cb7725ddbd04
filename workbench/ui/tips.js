// What a chip or a mark says, shown to whoever points at it or tabs to it.
import { make } from "./marks.js";

// Whatever under `root` has a `data-says` is explained in a tip; `root` is what the tip is placed in.
export function explainIn(root) {
  const tip = make("div", "tip", root);
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  const hide = () => { tip.hidden = true; };
  const explain = (event) => {
    const target = event.composedPath()[0], says = target?.dataset?.says;
    tip.hidden = !says;
    if (!says) return;
    tip.textContent = says;
    const [about, box] = [target.getBoundingClientRect(), root.getBoundingClientRect()];
    const above = about.top - box.top > box.height / 2;
    tip.style.left = `${Math.max(0, Math.min(about.left - box.left, box.width - tip.offsetWidth))}px`;
    tip.style.top = above ? `${about.top - box.top - tip.offsetHeight - 4}px` : `${about.bottom - box.top + 4}px`;
  };
  for (const kind of ["focusin", "mouseover"]) root.addEventListener(kind, explain);
  for (const kind of ["focusout", "mouseleave"]) root.addEventListener(kind, hide);
  root.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
}
