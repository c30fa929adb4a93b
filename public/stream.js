// HLS for the player's video, in browsers that do not play it by themselves: hls.js feeds the element. The player loads
// this where a film is a stream, which it marks with `preload="none"`.

/** Times that a film whose decoder gave up is begun anew where it was. */
const RECOVERIES = 2;

/** Milliseconds until what the network did not bring is asked for again. */
const PAUSE = 4_000;

/** What feeds which video: set before hls.js is there, so that one film is fed once. */
let feeding = null;

function fail(video) {
  video.dispatchEvent(new Event("error"));
}

async function feed(here) {
  const { video, film } = here;
  const { Hls } = await import("/vendor/hls.min.js").then(() => globalThis);
  // Another lesson may have come meanwhile; and a phone without media sources plays streams itself.
  if (feeding !== here || !Hls.isSupported()) return;
  const hls = new Hls({ workerPath: "/vendor/hls.worker.js" });
  here.hls = hls;
  let recoveries = 0;
  // The network was away for longer than hls.js tries: what is loaded plays on, and the rest is asked for again.
  const again = () => feeding === here && hls.startLoad();
  hls.on(Hls.Events.ERROR, (_, { fatal, type, details }) => {
    if (!fatal) return;
    const decodes = details !== Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR;
    if (type === Hls.ErrorTypes.MEDIA_ERROR && decodes && recoveries < RECOVERIES) {
      recoveries += 1;
      const playing = !video.paused;
      hls.recoverMediaError();
      if (playing) video.play().catch(() => {});
    } else if (type === Hls.ErrorTypes.NETWORK_ERROR && video.readyState > 0) {
      setTimeout(again, PAUSE);
    } else {
      fail(video);
    }
  });
  hls.loadSource(film);
  hls.attachMedia(video);
}

function look() {
  const video = document.querySelector(".stage video");
  const film = video?.getAttribute("src") ?? "";
  // While it is fed, its address is the feeder's own.
  if (video && feeding?.video === video && (film === feeding.film || film === "" || film.startsWith("blob:"))) return;
  feeding?.hls?.destroy();
  feeding = video?.preload === "none" && film ? { video, film } : null;
  const here = feeding;
  if (here) feed(here).catch(() => feeding === here && fail(video));
}

new MutationObserver(look).observe(document.getElementById("main"), {
  subtree: true,
  childList: true,
  attributeFilter: ["src"],
});
look();
