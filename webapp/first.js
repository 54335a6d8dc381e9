// Runs within the page itself: the stream is asked for while the modules are still on their way.
{
  const initData = new URLSearchParams(location.hash.slice(1)).get("tgWebAppData");
  if (initData) {
    const stop = new AbortController();
    const answer = fetch("../api/events", { headers: { Authorization: `tma ${initData}` }, signal: stop.signal });
    answer.catch(() => {});
    globalThis.first = { stop, answer };
  }
}
