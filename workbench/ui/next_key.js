// Enter on the desk presses "Next", unless what has the focus takes Enter for itself. Streamlit's own shortcut would
// take it from a focused button, and whoever works without a mouse would never get to press one.
const OWN = "a, button, input, textarea, select, summary, [contenteditable], [role=dialog], [data-baseweb=popover]";

const press = (event) => {
  if (event.key !== "Enter" || event.repeat || event.defaultPrevented || event.target.closest(OWN)) return;
  if (!event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey) document.querySelector(".st-key-next-up button")?.click();
};

export default () => {
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
};
