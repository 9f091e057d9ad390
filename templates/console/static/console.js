// The console's only script: keeps relative times fresh, and puts new hits on top of the table as they happen.
// Text goes in as text (textContent) and addresses are built from hexadecimal ids only: nothing a visitor sent is ever
// markup or an address.
"use strict";

const MOST_ROWS = 300;
const HEX = /^[0-9a-f]{8,32}$/;

function ago(then) {
  const seconds = (Date.now() - Date.parse(then)) / 1000;
  const size = Math.abs(seconds);
  if (size < 5) return "just now";
  const [unit, name] = size < 60 ? [1, "second"] : size < 3600 ? [60, "minute"] : size < 86400 ? [3600, "hour"] : [86400, "day"];
  const count = Math.floor(size / unit);
  const words = `${count} ${name}${count === 1 ? "" : "s"}`;
  return seconds > 0 ? `${words} ago` : `in ${words}`;
}

function freshen() {
  for (const hint of document.querySelectorAll("[data-ago]")) hint.textContent = ago(hint.dataset.ago);
}

function rowOf(template, hit) {
  const row = template.content.firstElementChild.cloneNode(true);
  row.id = `hit-${hit.id}`;
  for (const slot of row.querySelectorAll("[data-field]")) {
    const value = String(hit[slot.dataset.field] ?? "");
    slot.textContent = "short" in slot.dataset ? value.slice(0, 8) : value;
  }
  for (const link of row.querySelectorAll("[data-link]")) {
    const id = hit[link.dataset.from];
    if (HEX.test(id)) link.setAttribute("href", `/${link.dataset.link}/${id}`);
  }
  row.querySelector("time").dateTime = hit.observed_at;
  row.querySelector(".ago").dataset.ago = hit.observed_at;
  return row;
}

function follow(table, template, status) {
  let source = null;
  let after = table.dataset.after;
  let count = 0;

  const tell = (state, words) => {
    status.dataset.state = state;
    status.textContent = words;
  };

  const open = () => {
    if (source) return;
    source = new EventSource(`${table.dataset.live}?after=${encodeURIComponent(after)}`);
    source.addEventListener("open", () => tell("live", count ? `live · ${count} new` : "live"));
    source.addEventListener("error", () => {
      const over = source && source.readyState === EventSource.CLOSED;
      tell("off", over ? "not live: reload the page" : "reconnecting…");
    });
    source.addEventListener("hit", (event) => {
      const hit = JSON.parse(event.data);
      if (!HEX.test(hit.id) || document.getElementById(`hit-${hit.id}`)) return;
      if (hit.id > after) after = hit.id;
      count += 1;
      document.getElementById("no-hits")?.remove();
      table.prepend(rowOf(template, hit));
      while (table.rows.length > MOST_ROWS) table.deleteRow(-1);
      tell("live", `live · ${count} new`);
    });
  };

  const close = () => {
    if (source) source.close();
    source = null;
  };

  // A tab out of sight gives its connection back: a browser has six for one address, the console eight streams.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  if (!document.hidden) open();
}

freshen();
setInterval(freshen, 15000);
const table = document.querySelector("[data-live]");
if (table) follow(table, document.getElementById("hit-row"), document.getElementById("live"));
