// Shows /api/status, and shows it anew whenever the server says that something changed.
// Texts come from nodes and files: they are only ever set as text, never as HTML.

const MOST_NODES = 200;
const KIND = {
  "in use": "good", waiting: "busy", fetching: "busy", refused: "bad",
  running: "busy", paused: "busy", done: "good", rolled_back: "bad", aborted: "bad", superseded: "off",
};

const at = (id) => document.getElementById(id);

function make(tag, properties = {}, ...children) {
  const { data = {}, ...others } = properties;
  const element = Object.assign(document.createElement(tag), others);
  Object.assign(element.dataset, data);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const badge = (state) => make("span", { className: "state", data: { kind: KIND[state] ?? "off" } }, state.replace("_", " "));
const versionText = (version) => make("span", { className: "version" }, version ?? "none known");

function ago(time) {
  if (!time) return "";
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(time)) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} days ago`;
}

// A time that people read; its exact value is in the tooltip.
const when = (time) => make("time", { dateTime: time ?? "", title: time ?? "" }, ago(time));

function row(labels, cells) {
  return make("tr", {}, ...cells.map((cell, index) => make("td", { data: { label: labels[index] } },
    cell instanceof Node ? cell : make("span", {}, cell))));
}

function list(pairs) {
  const terms = pairs.filter(([, value]) => value !== null && value !== "");
  return make("dl", {}, ...terms.flatMap(([term, value]) => [make("dt", {}, term), make("dd", {}, value)]));
}

function summary(status) {
  const connected = status.nodes.filter((node) => node.connected);
  const filters = connected.flatMap((node) => node.filters);
  const refused = connected.filter((node) => node.rejections.length > 0).length;
  const facts = [
    ["Nodes connected", connected.length, false],
    ["Nodes up to date", connected.filter((node) => node.settled && node.rejections.length === 0).length, false],
    ["Nodes that refuse", refused, refused > 0],
    ["Filters in use", `${filters.filter((one) => one.state === "in use").length} of ${filters.length}`, false],
  ];
  at("summary").replaceChildren(...facts.map(([name, value, bad]) =>
    make("div", { data: { bad } }, make("b", {}, String(value)), name)));
}

function rolloutOf(rollout) {
  if (!rollout) return null;
  const ended = ["rolled_back", "aborted", "superseded"].includes(rollout.state);
  const steps = rollout.steps.map((share, index) => {
    const past = rollout.state === "done" || (!ended && index < rollout.step);
    const step = past ? "past" : index === Math.max(rollout.step, 0) ? (ended ? "bad" : "now") : "";
    return make("span", { title: `${share} %`, data: { step } });
  });
  const figures = Object.entries(rollout.figures).map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`);
  return make("div", { className: "rollout" },
    make("div", { className: "bar", role: "img", ariaLabel: rollout.progress }, ...steps),
    list([
      ["Rollout", badge(rollout.state)],
      ["From, to", make("span", {}, versionText(rollout.baseline), " → ", versionText(rollout.candidate))],
      ["Step", ended || rollout.state === "done" ? null : rollout.progress],
      ["Waits", rollout.waiting],
      ["Why", rollout.why],
      ["Seen", figures.join(", ")],
    ]));
}

function filterCard(filter) {
  const nodes = Object.entries(filter.nodes).map(([state, count]) => `${count} ${state}`).join(", ");
  return make("article", { className: "card", data: { filter: filter.name } },
    make("div", { className: "title" }, make("h3", {}, filter.name), make("span", { className: "dim" }, nodes || "no node")),
    list([
      ["Wanted", versionText(filter.wanted)],
      ["Stable", filter.stable === filter.wanted ? null : versionText(filter.stable)],
      ["Code", `${filter.code}, ${(filter.bytes / 1024).toFixed(1)} KiB`],
      ["Module", make("code", { title: filter.digest }, filter.digest.slice(0, 16))],
    ]),
    rolloutOf(filter.rollout));
}

const FILTER_LABELS = ["Filter", "State", "Wanted", "In use", "Since", "Module", "VM"];

function filterTable(filters) {
  const rows = filters.flatMap((one) => {
    const cells = [one.name, badge(one.state), versionText(one.wanted), versionText(one.in_use), when(one.since),
      make("code", { title: one.digest ?? "" }, (one.digest ?? "").slice(0, 12)), one.vm];
    const line = row(FILTER_LABELS, cells);
    if (!one.reason) return [line];
    const reason = make("td", { colSpan: FILTER_LABELS.length, className: "reason", data: { label: "Reason" } },
      make("span", {}, one.reason));
    return [line, make("tr", {}, reason)];
  });
  return make("table", {},
    make("thead", {}, make("tr", {}, ...FILTER_LABELS.map((label) => make("th", {}, label)))),
    make("tbody", {}, ...rows));
}

function nodeCard(node) {
  const place = [node.cluster, node.locality, node.agent].filter(Boolean).join(" · ");
  const state = node.connected
    ? badge(node.rejections.length ? "refused" : node.settled ? "in use" : "waiting")
    : make("span", { className: "state", data: { kind: "off" } }, "gone ", when(node.last_seen));
  const others = node.rejections.filter((one) => !node.filters.some((filter) => one.type === "ECDS" && filter.name === one.name));
  return make("article", { className: "node", data: { node: node.id } },
    make("div", { className: "title" },
      make("div", {}, make("h3", {}, node.id), make("p", { className: "dim" }, place)), state),
    node.filters.length ? filterTable(node.filters) : make("p", { className: "dim" }, "no filters"),
    ...others.map((one) => make("p", { className: "reason" }, `${one.type} ${one.name}: ${one.reason}`)));
}

function matches(node, words) {
  const text = [node.id, node.cluster, node.locality, node.agent, node.connected ? "connected" : "gone",
    ...node.filters.flatMap((one) => [one.name, one.state, one.wanted, one.in_use, one.digest, one.reason, one.vm]),
    ...node.rejections.flatMap((one) => [one.type, one.name, one.reason])].join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}

let last = null;

function show() {
  if (!last) return;
  at("mesh").textContent = last.server.mesh;
  document.title = last.server.problems.length ? "⚠ mixer2" : "mixer2";
  at("problems").hidden = last.server.problems.length === 0;
  at("problems").querySelector("ul").replaceChildren(...last.server.problems.map((one) => make("li", {}, one)));
  summary(last);
  at("filters").replaceChildren(...last.filters.map(filterCard));
  const words = at("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = last.nodes.filter((node) => matches(node, words));
  at("nodes").replaceChildren(...found.slice(0, MOST_NODES).map(nodeCard));
  at("more").hidden = found.length > 0 && found.length <= MOST_NODES;
  at("more").textContent = found.length ? `${found.length - MOST_NODES} more: search for some` : "no node";
  at("services").tBodies[0].replaceChildren(...last.services.map((one) => row(["Service", "Endpoints", "Source"],
    [one.name, String(one.endpoints), make("span", { className: one.problem ? "reason" : "" }, one.problem || one.source)])));
  at("audit").tBodies[0].replaceChildren(...last.audit.map((one) => row(["When", "Who", "Filter", "What", "Why"],
    [when(one.at), one.who, one.filter, make("span", {}, `${one.action.replace("_", " ")} `, versionText(one.version)), one.why])));
}

function live(state, text) {
  at("live").dataset.state = state;
  at("live").textContent = text;
}

let asking = false;
let again = false;

async function ask() {
  // One request at a time; what changes meanwhile is asked for once more.
  if (asking) { again = true; return; }
  asking = true;
  try {
    const response = await fetch("/api/status");
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    last = await response.json();
    live("live", "live");
    show();
  } catch (error) {
    live("lost", `no answer: ${error.message}`);
  }
  asking = false;
  if (again) { again = false; ask(); }
}

at("search").addEventListener("input", show);
const events = new EventSource("/api/events");
events.addEventListener("changed", ask);
events.addEventListener("error", () => live("lost", "the server is gone; trying again"));
setInterval(() => document.querySelectorAll("time").forEach((one) => { one.textContent = ago(one.dateTime); }), 5000);
