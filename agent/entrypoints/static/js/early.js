// Runs before the modules are there: asks who is signed in, and for the conversation in the address.

{
  const ask = (path) => fetch(path, { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
  const id = /^#[\w.:-]+$/.test(location.hash) ? location.hash.slice(1) : "";
  const paths = ["/api/me", ...(id ? [`/api/conversations/${encodeURIComponent(id)}?latest=20`] : [])];
  const asked = new Map(paths.map((path) => [path, ask(path)]));
  for (const response of asked.values()) response.catch(() => {});
  globalThis.deskhandAsked = asked;
}
