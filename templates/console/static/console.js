// The console's only script: keeps relative times fresh, puts new hits on top of the table as they happen, copies bait,
// asks an authenticator for a passkey.
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

// A stream of hits, open while the tab is in sight: a browser has six connections for one address, the console eight
// streams.
function listen(address, from, onHit, tell) {
  let source = null;
  let after = from;

  const open = () => {
    if (source) return;
    source = new EventSource(`${address}${address.includes("?") ? "&" : "?"}after=${encodeURIComponent(after)}`);
    source.addEventListener("open", () => tell("live"));
    source.addEventListener("error", () => tell(source && source.readyState === EventSource.CLOSED ? "over" : "off"));
    source.addEventListener("hit", (event) => {
      const hit = JSON.parse(event.data);
      if (!HEX.test(hit.id)) return;
      onHit(hit);
      if (hit.id > after) after = hit.id;
    });
  };

  const close = () => {
    if (source) source.close();
    source = null;
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  if (!document.hidden) open();
}

function follow(table, template, status) {
  let count = 0;
  const words = { off: "reconnecting…", over: "not live: reload the page" };
  const tell = (state) => {
    status.dataset.state = state === "live" ? "live" : "off";
    const live = status.dataset.arrived ? (count ? status.dataset.arrived : "waiting for it…") : count ? `live · ${count} new` : "live";
    status.textContent = words[state] ?? live;
  };
  const add = (hit) => {
    if (document.getElementById(`hit-${hit.id}`)) return;
    count += 1;
    document.getElementById("no-hits")?.remove();
    table.prepend(rowOf(template, hit));
    while (table.rows.length > MOST_ROWS) table.deleteRow(-1);
    tell("live");
  };
  listen(table.dataset.live, table.dataset.after, add, tell);
}

// Says that there is news without moving what is being read.
function announce(place) {
  const seen = new Set();
  const add = (hit) => {
    if (hit.id <= place.dataset.after) return;
    seen.add(hit.id);
    place.textContent = `${seen.size} ${seen.size === 1 ? "hit" : "hits"} ${place.dataset.words}`;
    place.hidden = false;
  };
  listen(place.dataset.news, place.dataset.after, add, () => {});
}

function copier(button) {
  button.hidden = false;
  const name = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = name), 3000);
  });
}

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// A form whose hidden field is what an authenticator says (WebAuthn, 5.1): asked when its button is pressed.
function passkey(form) {
  if (!window.PublicKeyCredential) return;
  form.hidden = false;
  const problem = form.querySelector("[data-problem]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error("refused");
      const options = await answer.json();
      options.challenge = toBytes(options.challenge);
      if (options.user) options.user.id = toBytes(options.user.id);
      for (const one of [...(options.excludeCredentials ?? []), ...(options.allowCredentials ?? [])]) one.id = toBytes(one.id);
      const made = await navigator.credentials[form.dataset.passkey]({ publicKey: options });
      const response = { clientDataJSON: toText(made.response.clientDataJSON) };
      for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
        if (made.response[name]) response[name] = toText(made.response[name]);
      }
      form.elements.credential.value = JSON.stringify({ id: made.id, rawId: toText(made.rawId), type: made.type, response });
    } catch (error) {
      problem.textContent = error.message === "refused" ? "The console refused: sign out, sign in, and try again." : "The browser gave no passkey.";
      problem.hidden = false;
      return;
    }
    form.submit();
  });
}

freshen();
setInterval(freshen, 15000);
const table = document.querySelector("[data-live]");
if (table) follow(table, document.getElementById("hit-row"), document.getElementById("live"));
for (const place of document.querySelectorAll("[data-news]")) announce(place);
for (const button of document.querySelectorAll("[data-copy]")) copier(button);
for (const form of document.querySelectorAll("[data-passkey]")) passkey(form);
