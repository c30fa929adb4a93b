// HLS for the player's video, in browsers that do not play it by themselves: hls.js feeds the element. The player loads
// this where a film is a stream, which it marks with `preload="none"`.

/** What feeds which video. */
let feeding = null;

function fail(video) {
  video.dispatchEvent(new Event("error"));
}

async function feed(video, film) {
  const { Hls } = await import("/vendor/hls.min.js").then(() => globalThis);
  // Another lesson may have come meanwhile; and a phone without media sources plays streams itself.
  if (video.getAttribute("src") !== film || !Hls.isSupported()) return;
  const hls = new Hls({ workerPath: "/vendor/hls.worker.js" });
  hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
    // What is not fatal it tries again by itself; a broken part can be stepped over.
    if (fatal && type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
    else if (fatal) fail(video);
  });
  hls.loadSource(film);
  hls.attachMedia(video);
  feeding = { hls, video };
}

function look() {
  const video = document.querySelector(".stage video");
  const film = video?.getAttribute("src") ?? "";
  // While it is fed, its address is the feeder's own.
  if (video && feeding?.video === video && (film === "" || film.startsWith("blob:"))) return;
  feeding?.hls.destroy();
  feeding = null;
  if (video?.preload === "none" && film) feed(video, film).catch(() => fail(video));
}

new MutationObserver(look).observe(document.getElementById("main"), {
  subtree: true,
  childList: true,
  attributeFilter: ["src"],
});
look();
