// The only script: it says that something has changed while a page is read. All pages work without it.
(() => {
  const note = document.getElementById("news");
  if (!note || !window.EventSource) return;
  const here = location.pathname;
  let count = 0;
  const news = new EventSource("/api/events/stream");
  news.addEventListener("change", (message) => {
    const event = JSON.parse(message.data);
    const path = "/stories/" + encodeURIComponent(event.story);
    if (here.startsWith("/stories/") && decodeURIComponent(here) !== decodeURIComponent(path)) return;
    count += 1;
    const link = document.createElement("a");
    link.href = location.href.split("#")[0];
    link.textContent = count === 1 ? "Something has changed since: show it" : count + " changes since: show them";
    note.replaceChildren(link);
  });
  addEventListener("pagehide", () => news.close());
})();
